import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { ActivityRecordSchema } from "../../../lib/contracts/mod.ts";
import { call, LIMITS, openFixture, tools, until } from "./fixture.ts";

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
