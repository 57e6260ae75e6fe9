import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { openFixture, tool, turns, until } from "./fixture.ts";

Deno.test("statistics count in memory at once and in the database within 100 ms, in one commit", async () => {
  await using fixture = await openFixture();
  await using storage = await fixture.open();
  for (let turn = 0; turn < 50; turn++) storage.statistics.record("s", "a");
  fixture.clock.advance(7);
  storage.statistics.record("s", "b");
  storage.statistics.record("s", "c".repeat(5000));

  deepStrictEqual(storage.statistics.get("s", "a"), { count: 50, lastUsedAt: 1_000_000_000_000 });
  deepStrictEqual(storage.statistics.get("s", "none"), { count: 0, lastUsedAt: undefined });
  deepStrictEqual(storage.statistics.all().map(({ tool, count }) => [tool.slice(0, 2), count]), [
    ["a", 50],
    ["b", 1],
    ["cc", 1],
  ]);
  strictEqual(storage.pending, 2);
  fixture.clock.advance(93);
  await until(() => storage.pending === 0);

  strictEqual(fixture.faults.commits, 1);
});

Deno.test("a failing commit is retried later and later, reported once, and never thrown at record()", async () => {
  await using fixture = await openFixture();
  const { clock, faults, notices } = fixture;
  {
    await using storage = await fixture.open();
    faults.message = "database or disk is full";
    storage.statistics.record("s", "a");
    for (const [delayMs, attempts] of [[100, 1], [100, 2], [200, 3], [400, 4], [800, 5]] as const) {
      clock.advance(delayMs - 1);
      await turns();
      strictEqual(faults.commits, attempts - 1);
      clock.advance(1);
      await until(() => faults.commits === attempts && clock.pending === 1);
    }
    storage.statistics.record("s", "a");
    deepStrictEqual([storage.pending, notices.length], [1, 1]);
    match(notices[0] ?? "", /^Cannot save 1 changes: database or disk is full; trying again$/);
    await rejects(() => storage.flush(), { code: "MCPX_DISK_FULL" });

    faults.message = undefined;
    await storage.flush();
    deepStrictEqual([storage.pending, clock.pending], [0, 0]);
    match(notices[1] ?? "", /saved again/);
  }
  await using storage = await fixture.open();
  strictEqual(storage.statistics.get("s", "a").count, 2);
});

Deno.test("meta.set() resolves when durable, without the clock, and rejects when that fails", async () => {
  await using fixture = await openFixture();
  await using storage = await fixture.open();
  await storage.meta.set("key", [1n, new Date(5)]);
  deepStrictEqual(await storage.meta.get("key"), [1n, new Date(5)]);

  await rejects(() => storage.meta.set("big", "x".repeat(70_000)), {
    code: "MCPX_STORAGE_FAILED",
    message: /^Cannot save changes: Value too large/,
  });

  fixture.faults.message = "database is locked";
  const failing = rejects(() => storage.meta.set("key", 2), { code: "MCPX_STORAGE_FAILED" });
  for (const delayMs of [100, 200]) {
    // The time that the disk has to answer is the other timer.
    await until(() => fixture.clock.pending === 2);
    fixture.clock.advance(delayMs);
  }
  await failing;
  strictEqual(storage.pending, 0);
});

Deno.test("Storage finds out by itself that writing works again, and says how it does", async () => {
  await using fixture = await openFixture();
  await using storage = await fixture.open();
  deepStrictEqual(storage.health(), {
    level: "healthy",
    summary: "All changes are saved or on their way",
    pending: 0,
    lost: 0,
  });

  fixture.faults.message = "database or disk is full";
  const failing = rejects(() => storage.meta.set("key", 2), { code: "MCPX_DISK_FULL" });
  for (const delayMs of [100, 200]) {
    await until(() => fixture.clock.pending === 2);
    fixture.clock.advance(delayMs);
  }
  await failing;
  const { level, summary, remedy, pending } = storage.health();
  deepStrictEqual([level, pending], ["degraded", 0]);
  match(summary, /^Cannot save changes: database or disk is full$/);
  match(remedy ?? "", /^Free space on the disk/);
  await rejects(() => storage.flush(), { code: "MCPX_DISK_FULL" });

  fixture.faults.message = undefined;
  fixture.clock.advance(30_000);
  await until(() => storage.health().level === "healthy");
  match(fixture.notices.at(-1) ?? "", /saved again/);
  strictEqual(fixture.clock.pending, 0);
});

Deno.test("meta.set() does not wait for ever for a disk that does not answer, nor does closing", async () => {
  await using fixture = await openFixture();
  const disk = Promise.withResolvers<void>();
  const storage = await fixture.open();
  fixture.faults.hang = disk.promise;
  const setting = rejects(() => storage.meta.set("key", 1), {
    code: "MCPX_STORAGE_FAILED",
    message: "Cannot save changes: the disk has not answered for 10 s",
  });
  await until(() => fixture.faults.commits === 1);
  fixture.clock.advance(10_000);
  await setting;
  strictEqual(storage.health().level, "degraded");
  match(storage.health().summary, /has not answered/);

  const later = rejects(() => storage.meta.set("other", 1), /the storage is closed/);
  const closing = storage[Symbol.asyncDispose]();
  fixture.clock.advance(5_000);
  await closing;
  await later;
  match(fixture.notices.at(-1) ?? "", /^Cannot save 2 changes: the storage closes/);
  disk.resolve();
  await turns();
});

Deno.test("Storage says so when the disk does not answer, though nobody waits, and when it does again", async () => {
  await using fixture = await openFixture();
  await using storage = await fixture.open();
  const disk = Promise.withResolvers<void>();
  fixture.faults.hang = disk.promise;
  storage.statistics.record("s", "a");
  fixture.clock.advance(100);
  await until(() => fixture.faults.commits === 1);

  fixture.clock.advance(10_000);
  match(storage.health().summary, /the disk has not answered for 10 s/);
  match(fixture.notices.at(-1) ?? "", /the disk has not answered/);

  disk.resolve();
  await until(() => storage.health().level === "healthy");
  match(fixture.notices.at(-1) ?? "", /saved again/);
  deepStrictEqual([storage.pending, fixture.clock.pending], [0, 0]);
});

Deno.test("one hopeless operation does not hold up the others", async () => {
  await using fixture = await openFixture();
  {
    await using storage = await fixture.open();
    storage.statistics.record("s", "a");
    storage.catalogue.save({
      server: "s",
      fingerprint: "f".repeat(10_000),
      tools: [tool("x", 59_000)],
      listedAt: 1,
    });
    storage.statistics.record("s", "b");
    await storage.flush();
    match(fixture.notices.join("\n"), /^Cannot save "catalogue\0s": Value too large.*the change is lost$/);
  }
  await using storage = await fixture.open();
  strictEqual(storage.statistics.all().length, 2);
});

Deno.test("Storage commits thousands of changes within the limits of KV", async () => {
  await using fixture = await openFixture();
  {
    await using storage = await fixture.open();
    for (let turn = 0; turn < 3000; turn++) storage.statistics.record(`server ${turn % 10}`, `tool ${turn}`);
    for (let turn = 0; turn < 40; turn++) {
      storage.catalogue.save({
        server: `s${turn}`,
        fingerprint: "f",
        tools: [tool("t", 50_000)],
        listedAt: 1,
      });
    }
    await storage.flush();
    strictEqual(storage.pending, 0);
    ok(fixture.faults.commits < 20, `${fixture.faults.commits} commits`);
  }
  await using storage = await fixture.open();
  deepStrictEqual([storage.statistics.all().length, (await storage.catalogue.load()).size], [3000, 40]);
  deepStrictEqual(fixture.notices, []);
});

Deno.test("Storage says what is lost when it closes over a failing database", async () => {
  await using fixture = await openFixture();
  const storage = await fixture.open();
  fixture.faults.message = "disk I/O error";
  storage.statistics.record("s", "a");
  const set = rejects(() => storage.meta.set("k", 1), { code: "MCPX_STORAGE_FAILED" });

  await storage[Symbol.asyncDispose]();
  await set;

  match(fixture.notices.at(-1) ?? "", /^Cannot save 1 changes: the storage closes, they are lost$/);
  await rejects(() => storage.meta.set("k", 1), /the storage is closed/);
  storage.statistics.record("s", "a");
});
