import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import type { Activity } from "../../../lib/activity/mod.ts";
import { type ActivityFilter, ActivityRecordSchema } from "../../../lib/contracts/mod.ts";
import { call, LIMITS, openFixture, turns, until } from "./fixture.ts";

async function tools(activity: Activity, filter: ActivityFilter = {}): Promise<string[]> {
  const { activities } = await activity.query(filter, { limit: 100 });
  return activities.map(({ tool_name }) => tool_name ?? "");
}

/** How many records share a value. */
function recordsIn(value: unknown): number {
  if (!(value instanceof Uint8Array)) throw new TypeError("Cannot count records: the value is no bytes");
  return JSON.parse(new TextDecoder().decode(value).split("\n")[0] ?? "").length;
}

Deno.test("record() is seen by readers at once, on the disk within 100 ms, and after a restart", async () => {
  await using fixture = await openFixture();
  {
    await using activity = fixture.open();
    await activity.query({});
    fixture.faults.commits = 0;

    activity.record(call("a"));
    activity.record(call("b", { request_id: "r-1", duration_ms: 12.34, error_message: "x".repeat(5_000) }));

    deepStrictEqual(await tools(activity), ["b", "a"]);
    activity.record(call("c"));
    fixture.clock.advance(100);
    await until(() => activity.health().pending === 0);
    ok(fixture.faults.commits <= 2);
  }

  await using activity = fixture.open();

  deepStrictEqual(await tools(activity), ["c", "b", "a"]);
  const { activities: [record] } = await activity.query({ request_id: "r-1" });
  deepStrictEqual(ActivityRecordSchema.parse(record), record);
  match(record?.id ?? "", /^[0-9A-HJKMNP-TV-Z]{26}$/);
  strictEqual(record?.timestamp, "2001-09-09T01:46:40.000Z");
  strictEqual(record?.duration_ms, 12.34);
  strictEqual(record?.error_message?.length, 2_048);
  deepStrictEqual(await activity.get(record?.id ?? ""), record);
  strictEqual(await activity.get("no id"), undefined);
  strictEqual(
    await activity.get(`${record?.id.slice(0, -1)}${record?.id.endsWith("0") ? "1" : "0"}`),
    undefined,
  );
  deepStrictEqual(fixture.notices, []);
});

Deno.test("record() takes records before the file is open and files that only their owner can read", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();

  activity.record(call("early"));

  strictEqual(activity.health().level, "opening");
  deepStrictEqual(await tools(activity), ["early"]);
  await activity.flush();
  const mode = (suffix: string) => (Deno.statSync(fixture.path + suffix).mode ?? 0) & 0o777;
  deepStrictEqual(["", "-wal", "-shm"].map(mode), [0o600, 0o600, 0o600]);
  strictEqual(activity.health().level, "healthy");
});

Deno.test("record() keeps payloads of any size without secrets, cut ones valid and marked", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  const rows = Array.from({ length: 5_000 }, (_, at) => ({ at, name: `näme 🎉 ${at}`, key: "hunter2" }));

  activity.record(
    call("long", { arguments: { q: "hunter2", n: 1 }, response: { rows }, response_bytes: 300_000 }),
  );
  activity.record(call("fits", { arguments: { q: "x" }, response: "hunter2 said hi", response_bytes: 20 }));
  await activity.flush();

  const { activities: [fits, long] } = await activity.query({});
  deepStrictEqual([fits?.arguments, fits?.response], [{ q: "x" }, "*** said hi"]);
  strictEqual(fits?.response_truncated, undefined);
  deepStrictEqual(long?.arguments, { q: "***", n: 1 });
  strictEqual(long?.response_truncated, true);
  strictEqual(long?.arguments_truncated, undefined);
  const text = JSON.stringify(long?.response);
  ok(text.length > 50_000 && new TextEncoder().encode(text).length <= 65_536, `${text.length}`);
  ok(!text.includes("hunter2") && text.includes("***"));
  const lean = await activity.query({}, { payloads: false });
  deepStrictEqual(lean.activities.map((record) => "response" in record), [false, false]);
  ok(!JSON.stringify(await fixture.dump()).includes("hunter2"));
});

Deno.test("record() never throws, whatever it is given, and counts what it cannot keep", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  const cycle: Record<string, unknown> = { name: "cycle" };
  cycle.self = cycle;
  const trap = {
    get type(): never {
      throw new Error("trap");
    },
  };

  activity.record(call("cycle", { arguments: cycle, request_bytes: 10, duration_ms: Number.NaN }));
  activity.record(call("odd", { response: [1n, undefined, () => {}, Symbol("x"), new Date(0), -0, 1e400] }));
  activity.record(trap as unknown as Parameters<typeof activity.record>[0]);

  const { activities: [odd, circular] } = await activity.query({});
  deepStrictEqual(odd?.response, [1, null, null, null, "1970-01-01T00:00:00.000Z", 0, null]);
  strictEqual(circular?.arguments_truncated, true);
  strictEqual(circular?.duration_ms, undefined);
  strictEqual(activity.health().lost, 1);
  strictEqual(activity.health().level, "degraded");
  match(fixture.notices.join(), /^Cannot keep a record of activity/);
});

Deno.test("record() bounds what waits to be made ready", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();

  for (let at = 0; at < 10_007; at++) activity.record(call("t"));

  const { pending, lost } = activity.health();
  deepStrictEqual([pending, lost], [10_000, 7]);
  strictEqual((await activity.query({}, { limit: 1 })).total, 10_000);
});

Deno.test("query() pages stay in place when records come and go", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  for (let at = 0; at < 25; at++) activity.record(call(`t${at}`));

  const first = await activity.query({}, { limit: 10 });
  activity.record(call("new"));
  fixture.limits.current = { ...LIMITS, maxRecords: 12 };
  await activity.flush();
  await activity.clean();
  const second = await activity.query({}, { limit: 10, cursor: first.next_cursor });

  strictEqual(first.total, 25);
  deepStrictEqual(first.activities.map(({ tool_name }) => tool_name).slice(0, 2), ["t24", "t23"]);
  deepStrictEqual(second.activities.map(({ tool_name }) => tool_name), ["t14"]);
  strictEqual(second.next_cursor, undefined);
  await rejects(() => activity.query({}, { cursor: "3" }), {
    code: "MCPX_INVALID_INPUT",
    message: 'Cannot read "cursor": found "3", wanted the next_cursor of another page',
  });
});

Deno.test("query() reads no more records than it gives, with any filter and with several", async () => {
  await using fixture = await openFixture();
  {
    await using activity = fixture.open();
    for (let at = 0; at < 3_000; at++) {
      activity.record(call(`t${at % 50}`, {
        type: at % 3 === 0 ? "tool_call" : "policy_decision",
        status: at % 500 === 0 ? "error" : "success",
        server_name: `s${at % 7}`,
        session_id: `session-${at % 40}`,
        request_id: `request-${at}`,
        ...(at % 100 === 0 ? { max_severity: "high" as const, detection_types: ["card"] } : {}),
        intent: { operation_type: at % 11 === 0 ? "write" : "read" },
      }));
    }
  }
  await using activity = fixture.open();
  await activity.query({}, { limit: 1 });
  const filters: [ActivityFilter, number][] = [
    [{ type: ["tool_call"] }, 20],
    [{ status: ["error"] }, 6],
    [{ server: "s3" }, 20],
    [{ tool: "t1" }, 20],
    [{ session_id: "session-7" }, 20],
    [{ request_id: "request-0" }, 1],
    [{ request_id: "none" }, 0],
    [{ severity: "high" }, 20],
    [{ detection_type: "card" }, 20],
    [{ sensitive_data: true }, 20],
    [{ intent_type: "write", server: "s1", type: ["tool_call"], status: ["success"] }, 13],
    [{ end_time: "2000-01-01T00:00:00Z" }, 0],
  ];

  for (const [filter, count] of filters) {
    fixture.faults.reads = 0;
    const { activities } = await activity.query(filter, { limit: 20 });

    strictEqual(activities.length, count, JSON.stringify(filter));
    ok(fixture.faults.reads <= 21, `${JSON.stringify(filter)} reads ${fixture.faults.reads}`);
  }
});

Deno.test("query() hides records outside the scope, and call tools that only repeat another call", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  activity.record(call("a", { server_name: "mine" }));
  activity.record(call("b", { server_name: "other" }));
  activity.record({ type: "system_start", status: "success" });
  activity.record({ type: "internal_tool_call", status: "success", tool_name: "call_tool_read" });
  activity.record({ type: "internal_tool_call", status: "error", tool_name: "call_tool_read" });
  const scope = { servers: ["mine"] };

  const { activities: [other] } = await activity.query({ tool: "b" });
  const seen = await activity.query({}, scope);

  deepStrictEqual(seen.activities.map(({ tool_name }) => tool_name), ["a"]);
  strictEqual(seen.total, 1);
  strictEqual(await activity.get(other?.id ?? "", scope), undefined);
  strictEqual((await activity.get(other?.id ?? ""))?.tool_name, "b");
  strictEqual((await activity.query({}, { servers: [] })).total, 0);
  deepStrictEqual((await activity.summary("24h", scope)).top_tools, [{ name: "mine:a", count: 1 }]);
  strictEqual((await activity.query({})).total, 4);
  strictEqual((await activity.query({ include_call_tool: true })).total, 5);
});

Deno.test("clean() keeps to age, number and size, removes what belongs to a record, and lets others write", async () => {
  await using fixture = await openFixture();
  const kept = async () => {
    const all = await fixture.dump();
    const records = all.filter(({ key }) => key[0] === "record")
      .reduce((sum, { value }) => sum + recordsIn(value), 0);
    return records + all.filter(({ key }) => ["chunk", "page"].includes(String(key[0]))).length;
  };
  const big = { response: "x".repeat(150_000) };
  {
    await using activity = fixture.open();
    fixture.limits.current = { ...LIMITS, maxPayloadBytes: 262_144 };
    for (let at = 0; at < 1_200; at++) activity.record(call(`t${at}`, at % 100 === 0 ? big : {}));
    await activity.flush();
    strictEqual(await kept(), 1_200 + 12 * 3 + 2);

    fixture.limits.current = { ...LIMITS, maxRecords: 600, cleanupMinutes: 5 };
    fixture.clock.advance(5 * 60_000);
    await until(() => activity.health().records === 600);
    deepStrictEqual((await tools(activity)).slice(0, 1), ["t1199"]);
    strictEqual((await activity.query({ tool: "t599" })).total, 0);
    strictEqual((await activity.query({ tool: "t600" })).total, 1);
    const rest = await kept() - (600 + 6 * 3 + 1);
    ok(rest >= 0 && rest < 100, `${rest} removed records are left beside others`);

    fixture.limits.current = { ...LIMITS, maxSizeMb: 0.4 };
    const cleaning = activity.clean();
    activity.record(call("meanwhile"));
    await Promise.all([cleaning, activity.flush()]);
    ok(activity.health().size_bytes <= 400_000 && activity.health().records > 100);
    deepStrictEqual((await tools(activity)).slice(0, 2), ["meanwhile", "t1199"]);
  }

  await using activity = fixture.open();
  const { records } = (await activity.query({}), activity.health());
  fixture.clock.advance(80 * 86_400_000);
  activity.record(call("young"));
  await activity.flush();
  await activity.clean();
  strictEqual(activity.health().records, records + 1);
  fixture.clock.advance(11 * 86_400_000);
  await activity.clean();

  deepStrictEqual(await tools(activity), ["young"]);
  strictEqual(await kept(), 1);
});

Deno.test("record() does not let a busy gateway run over its limits between clean-ups", async () => {
  await using fixture = await openFixture();
  fixture.limits.current = { ...LIMITS, maxRecords: 100 };
  await using activity = fixture.open();

  for (let round = 0; round < 10; round++) {
    for (let at = 0; at < 200; at++) activity.record(call(`t${at}`));
    await activity.flush();
    ok(activity.health().records < 100 + 256 + 200, `${activity.health().records}`);
  }
  await activity.clean();

  strictEqual(activity.health().records, 100);
  // Or a crash would now lose the usage of records that nobody can count again.
  const numbers = new Map((await fixture.dump()).map(({ key, value }) => [key[0], Number(value)]));
  deepStrictEqual([numbers.get("floor"), Number(numbers.get("counted")) >= 1_900], [1_900, true]);
  strictEqual(
    (await activity.usage({ by: "server", from: 0, to: fixture.clock.now() + 1 })).total.calls,
    2_000,
  );
});

Deno.test("usage() adds up by hour, server and tool, across restarts and removals, every call once", async () => {
  await using fixture = await openFixture();
  const all = { from: 0, to: 2e12 };
  {
    await using activity = fixture.open();
    for (let at = 1; at <= 100; at++) activity.record(call("a", { duration_ms: at, response_bytes: 10 }));
    activity.record(call("b", { status: "error", duration_ms: 1_000, request_bytes: 5 }));
    activity.record(call("b", { status: "blocked" }));
    activity.record(call("c", { server_name: "other" }));
    activity.record({ type: "config_change", status: "success" });
    strictEqual((await activity.usage({ by: "tool", ...all })).total.calls, 102);
    fixture.clock.advance(3_600_000);
    activity.record(call("a", { duration_ms: 7 }));
  }
  await using activity = fixture.open();
  fixture.limits.current = { ...LIMITS, maxRecords: 1 };
  await activity.clean();

  const usage = await activity.usage({ by: "tool", ...all });

  strictEqual(activity.health().records, 1);
  deepStrictEqual(
    usage.rows.map(({ server_name, tool_name, calls, errors, refused }) => [
      server_name,
      tool_name,
      calls,
      errors,
      refused,
    ]),
    [["s", "a", 101, 0, 0], ["other", "c", 1, 0, 0], ["s", "b", 1, 1, 1]],
  );
  const [a] = usage.rows;
  ok(Math.abs((a?.p50_ms ?? 0) - 50) < 3 && Math.abs((a?.p95_ms ?? 0) - 95) < 5, `${a?.p50_ms} ${a?.p95_ms}`);
  deepStrictEqual([a?.request_bytes, a?.response_bytes], [0, 1_000]);
  deepStrictEqual(usage.hours.map(({ hour, calls }) => [hour, calls]), [
    ["2001-09-09T01:00:00.000Z", 102],
    ["2001-09-09T02:00:00.000Z", 1],
  ]);
  strictEqual((await activity.usage({ by: "server", server: "s", ...all })).rows.length, 1);
  strictEqual((await activity.usage({ by: "server", servers: ["other"], ...all })).total.calls, 1);
  const now = fixture.clock.now();
  strictEqual((await activity.usage({ by: "server", from: now - 1, to: now + 1 })).total.calls, 1);

  fixture.clock.advance(91 * 86_400_000);
  await activity.clean();
  strictEqual((await activity.usage({ by: "server", ...all })).total.calls, 0);
});

Deno.test("usage() bounds the names that callers can make up, and its widest page fits a transaction", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  const name = (at: number) => `${"ö".repeat(300)}`.replace("ö", String(at).padStart(5, "0"));
  // Fills the buckets of 512 tools, then saves all of them with one page.
  for (let round = 0; round < 20; round++) {
    for (let at = 0; at < 512; at++) {
      activity.record(call(name(at), { server_name: "ö".repeat(300), duration_ms: 1.2 ** (round * 4) }));
    }
    await activity.flush();
  }
  for (let at = 0; at < 6_000; at++) {
    activity.record(call(`made up ${at}`));
    if (at % 500 === 0) await activity.flush();
  }
  await activity.flush();

  const { rows, total } = await activity.usage({ by: "tool", from: 0, to: 2e12 });

  strictEqual(total.calls, 20 * 512 + 6_000);
  strictEqual(rows.length, 5_001);
  strictEqual(rows[0]?.tool_name, "(other)");
  strictEqual(activity.health().lost, 0);
  deepStrictEqual(fixture.notices, []);
});

Deno.test("summary() counts a period by status and type and names what occurs most", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  activity.record(call("old"));
  fixture.clock.advance(2 * 3_600_000);
  for (let at = 0; at < 10; at++) activity.record(call(`t${at % 4}`, { server_name: at < 7 ? "x" : "y" }));
  activity.record(call("t0", { status: "blocked", server_name: "y" }));
  activity.record({ type: "config_change", status: "error" });

  const summary = await activity.summary("1h", { top: 2 });

  deepStrictEqual(summary, {
    period: "1h",
    start_time: "2001-09-09T02:46:40.000Z",
    end_time: "2001-09-09T03:46:40.000Z",
    total_count: 12,
    success_count: 10,
    error_count: 1,
    blocked_count: 1,
    rejected_count: 0,
    cancelled_count: 0,
    by_type: { config_change: 1, tool_call: 11 },
    top_servers: [{ name: "x", count: 7 }, { name: "y", count: 4 }],
    top_tools: [{ name: "y:t0", count: 2 }, { name: "x:t2", count: 2 }],
  });
  strictEqual((await activity.summary("24h")).total_count, 13);
});

Deno.test("subscribe() tells of each record, whatever another listener does", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  const heard: string[] = [];
  using _bad = activity.subscribe(() => {
    throw new Error("bad");
  });
  const good = activity.subscribe((record) => heard.push(`${record.tool_name} ${"response" in record}`));

  activity.record(call("a", { response: "x" }));
  await activity.flush();
  good[Symbol.dispose]();
  activity.record(call("b"));
  await activity.flush();

  deepStrictEqual(heard, ["a false"]);
});

Deno.test("a full disk is told in words, tried again later and later, and costs nothing that finds room", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  await activity.flush();
  fixture.faults.message = "database or disk is full";

  activity.record(call("a"));
  await rejects(() => activity.flush(), { code: "MCPX_DISK_FULL" });
  activity.record(call("b"));
  fixture.clock.advance(80);
  await turns();
  const { commits } = fixture.faults;
  fixture.clock.advance(20);
  await until(() => fixture.faults.commits === commits + 1);

  deepStrictEqual(await tools(activity), ["b", "a"]);
  const health = activity.health();
  deepStrictEqual([health.level, health.pending, health.lost], ["degraded", 2, 0]);
  match(health.summary, /^Cannot save activity ".*": database or disk is full$/);
  fixture.faults.message = undefined;
  fixture.clock.advance(30_000);
  await until(() => activity.health().pending === 0);
  strictEqual(activity.health().level, "healthy");
  match(fixture.notices[0] ?? "", /disk is full; trying again$/);
  deepStrictEqual(fixture.notices.slice(1), ["Activity is saved again"]);
});

Deno.test("a disk that does not answer costs a bounded amount of memory; losses are counted and shown", async () => {
  await using fixture = await openFixture();
  const { promise, resolve } = Promise.withResolvers<void>();
  await using activity = fixture.open();
  await activity.flush();
  fixture.faults.hang = promise;

  for (let round = 0; round < 300; round++) {
    for (let at = 0; at < 100; at++) activity.record(call(`t${at}`));
    await activity.query({}, { limit: 1 });
  }

  const { lost, pending, level } = activity.health();
  deepStrictEqual([pending, lost, level], [20_000, 10_000, "degraded"]);
  strictEqual(fixture.notices.length, 1);
  resolve();
  fixture.faults.hang = undefined;
  await activity.flush();
  deepStrictEqual([activity.health().pending, activity.health().records], [0, 20_000]);
  match(activity.health().summary, /^10000 records of activity were lost since the start$/);
});

Deno.test("[Symbol.asyncDispose]() gives up a disk that does not answer, and says what is lost", async () => {
  await using fixture = await openFixture();
  const activity = fixture.open();
  await activity.flush();
  const { promise, resolve } = Promise.withResolvers<void>();
  fixture.faults.hang = promise;
  activity.record(call("a"));

  const closing = activity[Symbol.asyncDispose]();
  await turns();
  fixture.clock.advance(5_000);
  await closing;

  match(fixture.notices.join(), /^Cannot save 1 records of activity: the gateway stops, they are lost$/);
  resolve();
  await turns();
  activity.record(call("late"));
  strictEqual(activity.health().lost, 2);
  strictEqual(fixture.clock.pending, 0);
});

Deno.test("openActivity() sets damaged files aside in words and begins anew", async () => {
  const damages: [string, (path: string) => void][] = [
    ["no database", (path) => Deno.writeTextFileSync(path, "not a database ".repeat(1_000))],
    ["empty", (path) => Deno.truncateSync(path, 0)],
    ["cut", (path) => Deno.truncateSync(path, 10_000)],
  ];
  for (const [name, damage] of damages) {
    await using fixture = await openFixture();
    {
      await using activity = fixture.open();
      activity.record(call("lost"));
    }
    damage(fixture.path);

    await using activity = fixture.open();
    activity.record(call("new"));

    deepStrictEqual(await tools(activity), ["new"], name);
    strictEqual(fixture.notices.length, 1, name);
    match(
      fixture.notices[0] ?? "",
      /^Activity ".*" is damaged \(.*\) and was set aside as ".*corrupt-10{12}"/,
    );
    ok(fixture.names().includes("activity.kv.corrupt-1000000000000"), name);
    const { level, set_aside } = activity.health();
    strictEqual(level, "degraded");
    ok(set_aside?.endsWith(".corrupt-1000000000000"));
  }
});

Deno.test("openActivity() leaves a newer file alone and is off, in words, without disturbing anyone", async () => {
  await using fixture = await openFixture();
  await fixture.open()[Symbol.asyncDispose]();
  const kv = await Deno.openKv(fixture.path);
  await kv.set(["schema"], 2);
  kv.close();

  await using activity = fixture.open();
  activity.record(call("a"));

  await rejects(() => activity.query({}), {
    code: "MCPX_STORAGE_TOO_NEW",
    message: `Cannot open activity "${fixture.path}": its schema is 2, this version reads up to 1`,
  });
  activity.record(call("b"));
  const { level, lost, summary } = activity.health();
  deepStrictEqual([level, lost], ["off", 2]);
  match(summary, /its schema is 2, this version reads up to 1; activity is not recorded$/);
  await rejects(() => Array.fromAsync(activity.export({}, { format: "csv" })), {
    code: "MCPX_STORAGE_TOO_NEW",
  });
  match(fixture.notices.join(), /activity is not recorded. Update mcpproxy/);
  deepStrictEqual(fixture.names(), ["activity.kv"]);
});

Deno.test("openActivity() is off in words where it cannot open the file", async () => {
  for (
    const [message, code] of [
      ["database is locked", "MCPX_DATA_DIR_LOCKED"],
      ["unable to open database file: x", "MCPX_DATA_DIR_DENIED"],
      ["disk I/O error", "MCPX_STORAGE_FAILED"],
    ] as const
  ) {
    await using fixture = await openFixture();
    fixture.faults.openMessage = message;
    await using activity = fixture.open();

    await rejects(() => activity.flush(), {
      code,
      message: `Cannot open activity "${fixture.path}": ${message}`,
    });
    strictEqual(activity.health().level, "off");
  }
});

Deno.test("openActivity() makes lost pages again, and leaves out records it cannot read", async () => {
  await using fixture = await openFixture();
  {
    await using activity = fixture.open();
    for (let at = 0; at < 1_100; at++) activity.record(call(`t${at}`));
  }
  const kv = await Deno.openKv(fixture.path);
  await kv.set(["page", 0], "nonsense");
  await kv.delete(["page", 1]);
  const packs = await Array.fromAsync(kv.list<Uint8Array>({ prefix: ["record"] }));
  const [oldest, , youngest] = [packs[0], ...packs.slice(-2)];
  await kv.set(oldest?.key ?? [], 5);
  const name = `"t${Number(youngest?.key[1]) + 1}"`;
  youngest?.value.set(
    new TextEncoder().encode('"broken'),
    new TextDecoder().decode(youngest.value).indexOf(name),
  );
  await kv.set(youngest?.key ?? [], youngest?.value);
  kv.close();
  const gone = recordsIn(oldest?.value);
  const broken = `t${Number(youngest?.key[1]) + 1}`;

  await using activity = fixture.open();

  ok(packs.length < 40 && gone > 1, "several records share a value");
  strictEqual((await activity.query({})).total, 1_100 - gone - 1);
  for (const tool of [`t${gone}`, "t511", "t512", "t1023", "t1099"]) {
    deepStrictEqual(await tools(activity, { tool }), [tool]);
  }
  deepStrictEqual(await tools(activity, { tool: broken }), []);
  strictEqual(activity.health().unreadable, 2);
  match(activity.health().summary, /^2 records of activity cannot be read/);
  strictEqual((await activity.usage({ by: "server", from: 0, to: 2e12 })).total.calls, 1_100);
  fixture.limits.current = { ...LIMITS, maxRecords: 3 };
  await activity.clean();
  const left = await fixture.dump();
  deepStrictEqual(left.filter(({ key }) => key[0] === "record").length, 1);
});

Deno.test("record() takes as many findings as there can be, in every record of a page", async () => {
  await using fixture = await openFixture();
  const detection_types = Array.from({ length: 60 }, (_, at) => `${at % 30} ${"ö".repeat(40)}`);
  {
    await using activity = fixture.open();
    for (let at = 0; at < 600; at++) {
      activity.record(call("t", { detection_types, max_severity: "critical" }));
    }
    await activity.flush();
  }
  await using activity = fixture.open();

  const { total, activities: [first] } = await activity.query({ detection_type: detection_types[11] });

  deepStrictEqual([total, first?.detection_types?.length], [600, 12]);
  strictEqual((await activity.query({ detection_type: detection_types[12] })).total, 0);
  deepStrictEqual(fixture.notices, []);
});

Deno.test("record() takes what grows most on its way to the disk", async () => {
  await using fixture = await openFixture();
  const wild = "\u0001".repeat(100_000);
  const names = ["server_name", "tool_name", "session_id", "work_session_id", "request_id", "parent_id"];
  const more = ["client_name", "client_version", "profile", "agent_name", "auth_type", "error_code"];
  const entry = {
    ...Object.fromEntries([...names, ...more].map((name) => [name, wild])),
    error_message: wild,
    intent: { data_sensitivity: wild, reason: wild },
    metadata: { wild },
    detection_types: Array.from({ length: 20 }, (_, at) => at + wild),
    arguments: wild,
    response: "€".repeat(1_300),
    response_bytes: 3_902,
  };
  fixture.limits.current = { ...LIMITS, maxPayloadBytes: 1e9 };
  {
    await using activity = fixture.open();
    for (let at = 0; at < 20; at++) activity.record(call("t", entry));
    for (let at = 0; at < 20; at++) activity.record(call("t", { ...entry, arguments: undefined }));
    for (let at = 0; at < 20; at++) {
      activity.record(call("t", { arguments: wild, response: "€".repeat(500_000) }));
    }
    await activity.flush();
  }
  await using activity = fixture.open();

  const { activities, total } = await activity.query({}, { limit: 60 });

  strictEqual(total, 60);
  deepStrictEqual(activities.map(({ response }) => typeof response), Array(60).fill("string"));
  deepStrictEqual(fixture.notices, []);
});

Deno.test("health() counts what had to go before its time, and it is told once an hour", async () => {
  await using fixture = await openFixture();
  fixture.limits.current = { ...LIMITS, maxRecords: 100 };
  await using activity = fixture.open();
  for (let at = 0; at < 60; at++) activity.record(call(`mine${at}`, { agent_name: "b" }));
  await activity.flush();
  fixture.clock.advance(91 * 86_400_000);
  await activity.clean();
  strictEqual(activity.health().removed_early, 0, "they were old");
  strictEqual(activity.health().remedy, undefined);

  for (let at = 0; at < 1_000; at++) activity.record(call(`flood${at}`, { agent_name: "a" }));
  await activity.flush();
  await activity.clean();
  for (let at = 0; at < 500; at++) activity.record(call(`more${at}`, { agent_name: "a" }));
  await activity.flush();
  await activity.clean();

  const { removed_early: early, records, summary, remedy = "" } = activity.health();
  deepStrictEqual([records, early], [100, 1_400]);
  match(summary, /1400 of the oldest records went before their time/);
  match(remedy, /activity_max_records/);
  strictEqual(fixture.notices.filter((text) => /Activity is full \(100 records/.test(text)).length, 1);
});
