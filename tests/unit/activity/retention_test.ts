import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { call, LIMITS, openFixture, recordsIn, tools, until } from "./fixture.ts";

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
