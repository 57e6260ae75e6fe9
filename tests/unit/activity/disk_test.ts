import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { call, LIMITS, openFixture, recordsIn, tools, turns, until } from "./fixture.ts";

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
