import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { openMemoryStorage } from "../../../lib/storage/mod.ts";
import { openFixture, tool, turns, until } from "./fixture.ts";

Deno.test("openStorage() finds after a restart what was kept before", async () => {
  await using fixture = await openFixture();
  const entry = { server: "github", fingerprint: "f", tools: [tool("a"), tool("b")], listedAt: 5 };
  const verdict = { fingerprint: "f", era: "modern", at: 5 } as const;
  {
    await using storage = await fixture.open();
    storage.catalogue.save(entry);
    storage.statistics.record("github", "a");
    storage.eras.set("github", verdict);
    storage.eras.set("gone", verdict);
    storage.eras.remove("gone");
    await storage.meta.set("era", { github: "legacy" });
  }

  await using storage = await fixture.open();

  deepStrictEqual([...await storage.catalogue.load()], [["github", entry]]);
  deepStrictEqual(storage.statistics.get("github", "a"), { count: 1, lastUsedAt: fixture.clock.now() });
  deepStrictEqual([storage.eras.get("github"), storage.eras.get("gone")], [verdict, undefined]);
  deepStrictEqual(await storage.meta.get("era"), { github: "legacy" });
  strictEqual(await storage.meta.get("none"), undefined);
  deepStrictEqual(fixture.notices, []);
});

Deno.test("openStorage() makes files that only their owner can read", async () => {
  await using fixture = await openFixture();
  const mode = (suffix: string) => (Deno.statSync(fixture.path + suffix).mode ?? 0) & 0o777;
  {
    await using storage = await fixture.open();
    await storage.meta.set("x", 1);
    deepStrictEqual(["", "-wal", "-shm"].map(mode), [0o600, 0o600, 0o600]);
  }
  Deno.chmodSync(fixture.path, 0o644);

  await using storage = await fixture.open();
  await storage.meta.set("x", 2);

  deepStrictEqual(["", "-wal", "-shm"].map(mode), [0o600, 0o600, 0o600]);
});

Deno.test("openStorage() sets a file aside that is no database", async () => {
  await using fixture = await openFixture();
  await (await fixture.open())[Symbol.asyncDispose]();
  Deno.writeTextFileSync(fixture.path, "not a database ".repeat(1000));
  Deno.writeTextFileSync(`${fixture.path}-wal`, "rubbish");

  await using storage = await fixture.open();
  await storage.meta.set("x", 1);

  const aside = `mcpproxy.db.corrupt-${fixture.clock.now()}`;
  ok(fixture.names().includes(aside) && fixture.names().includes(`${aside}-wal`), fixture.names().join());
  strictEqual(fixture.notices.length, 1);
  match(fixture.notices[0] ?? "", /is damaged \(.*\) and was set aside as ".*corrupt-1000000000000"/);
});

Deno.test("openStorage() finds damage in the middle of a file before KV does", async () => {
  await using fixture = await openFixture();
  {
    await using storage = await fixture.open();
    storage.catalogue.save({ server: "s", fingerprint: "f", tools: [tool("a", 500_000)], listedAt: 1 });
  }
  const bytes = Deno.readFileSync(fixture.path);
  bytes.fill(0x55, 3 * 4096, bytes.length - 4096);
  Deno.writeFileSync(fixture.path, bytes);

  await using storage = await fixture.open();

  strictEqual((await storage.catalogue.load()).size, 0);
  strictEqual(fixture.notices.length, 1);
});

Deno.test("openStorage() refuses a database of a newer version and leaves it alone", async () => {
  await using fixture = await openFixture();
  await (await fixture.open())[Symbol.asyncDispose]();
  const kv = await Deno.openKv(fixture.path);
  await kv.set(["schema"], 3);
  kv.close();

  await rejects(() => fixture.open(), (error: Error & { code?: string; details?: unknown }) => {
    strictEqual(error.code, "MCPX_STORAGE_TOO_NEW");
    match(error.message, /^Cannot open database ".*": its schema is 3, this version reads up to 2$/);
    return true;
  });
  deepStrictEqual(fixture.names(), ["mcpproxy.db"]);
});

Deno.test("openStorage() names a database that another program holds, and a place it cannot use", async () => {
  await using fixture = await openFixture();
  for (
    const [message, code] of [
      ["database is locked", "MCPX_DATA_DIR_LOCKED"],
      ["unable to open database file: x", "MCPX_DATA_DIR_DENIED"],
      ["disk I/O error", "MCPX_STORAGE_FAILED"],
    ] as const
  ) {
    fixture.faults.openMessage = message;
    await rejects(() => fixture.open(), {
      code,
      message: `Cannot open database "${fixture.path}": ${message}`,
    });
  }
  Deno.mkdirSync(fixture.path, { recursive: true });

  await rejects(() => fixture.open(), { name: "GatewayError", message: /^Cannot open database "/ });
});

Deno.test("catalogue keeps lists over 64 KB, and short ones in their place, and forgets removed ones", async () => {
  await using fixture = await openFixture();
  const long = { server: "long", fingerprint: "f", tools: [tool("é", 2_000_000), tool("b")], listedAt: 1 };
  const other = { server: "other", fingerprint: "g", tools: [tool("c", 300_000)], listedAt: 2 };
  const short = { ...long, tools: [tool("now short")] };
  const longer = { ...other, tools: [tool("c", 900_000)] };
  const reopened = async () => {
    await using storage = await fixture.open();
    return await storage.catalogue.load();
  };
  {
    await using storage = await fixture.open();
    storage.catalogue.save(long);
    storage.catalogue.save(other);
  }
  deepStrictEqual(await reopened(), new Map([["long", long], ["other", other]]));

  {
    await using storage = await fixture.open();
    storage.catalogue.save(short);
    storage.catalogue.save(longer);
    await storage.flush();
    storage.catalogue.save(other);
  }
  deepStrictEqual(await reopened(), new Map([["long", short], ["other", other]]));

  {
    await using storage = await fixture.open();
    storage.catalogue.remove("long");
    storage.catalogue.remove("other");
    deepStrictEqual(await storage.catalogue.load(), new Map());
  }
  deepStrictEqual(await reopened(), new Map());
  const kv = await Deno.openKv(fixture.path);
  const left = await Array.fromAsync(kv.list({ prefix: [] }), ({ key }) => key);
  kv.close();
  deepStrictEqual(left, [["schema"]], "no part of a removed list stays");
});

Deno.test("catalogue keeps notes with their list, long or short, and gives it once", async () => {
  await using fixture = await openFixture();
  const short = {
    server: "short",
    fingerprint: "f",
    tools: [tool("é")],
    listedAt: 1,
    notes: Uint8Array.of(0, 91),
  };
  const long = { ...short, server: "long", notes: new Uint8Array(150_000).fill(7) };
  {
    await using storage = await fixture.open();
    storage.catalogue.save(short);
    storage.catalogue.save(long);
    deepStrictEqual((await storage.catalogue.load()).get("long")?.notes, undefined);
  }

  {
    await using storage = await fixture.open();
    deepStrictEqual(await storage.catalogue.load(), new Map([["long", long], ["short", short]]));
    deepStrictEqual((await storage.catalogue.load()).get("short")?.notes, undefined);
    const { notes: _, ...without } = long;
    storage.catalogue.save(without);
  }
  await using storage = await fixture.open();
  const { notes: _, ...without } = long;
  deepStrictEqual(await storage.catalogue.load(), new Map([["long", without], ["short", short]]));
});

Deno.test("catalogue shows the old list when the new one was written half-way", async () => {
  await using fixture = await openFixture();
  const old = { server: "s", fingerprint: "f", tools: [tool("old", 150_000)], listedAt: 1 };
  {
    await using storage = await fixture.open();
    storage.catalogue.save(old);
  }
  const kv = await Deno.openKv(fixture.path);
  await kv.set(["catalogue_parts", "s", 2, 0], new Uint8Array(10));
  await kv.set(["catalogue_parts", "s", 2, 7], new Uint8Array(10));
  kv.close();

  await using storage = await fixture.open();
  deepStrictEqual(await storage.catalogue.load(), new Map([["s", old]]));
  storage.catalogue.save({ ...old, tools: [tool("new", 100_000)] });
  await storage.flush();

  const again = await Deno.openKv(fixture.path);
  const parts = await Array.fromAsync(again.list({ prefix: ["catalogue_parts"] }), ({ key }) => key.slice(2));
  again.close();
  deepStrictEqual(parts, [[2, 0], [2, 1]], "parts of the old and of the unfinished list are gone");
  deepStrictEqual(fixture.notices, []);
});

Deno.test("catalogue keeps the old list while the new one cannot be written", async () => {
  await using fixture = await openFixture();
  const old = { server: "s", fingerprint: "f", tools: [tool("old", 1_500_000)], listedAt: 1 };
  {
    await using storage = await fixture.open();
    storage.catalogue.save(old);
    await storage.flush();
    Object.assign(fixture.faults, { message: "database or disk is full", commits: 0, failAfter: 1 });
    storage.catalogue.save({ ...old, tools: [tool("new", 1_500_000)] });
    await rejects(() => storage.flush(), { code: "MCPX_DISK_FULL" });
    fixture.faults.failAfter = 0;
  }
  fixture.faults.message = undefined;

  await using storage = await fixture.open();

  deepStrictEqual(await storage.catalogue.load(), new Map([["s", old]]));
});

Deno.test("catalogue says so when a list cannot be written at all", async () => {
  await using fixture = await openFixture();
  await using storage = await fixture.open();
  const loop: Record<string, unknown> = {};
  loop.self = loop;

  storage.catalogue.save({
    server: "s",
    fingerprint: "f",
    tools: [{ name: "a", inputSchema: loop }],
    listedAt: 1,
  });

  match(fixture.notices.join(), /^Cannot keep the tools of server "s"/);
});

Deno.test("catalogue leaves out a list it cannot read and says so", async () => {
  await using fixture = await openFixture();
  {
    await using storage = await fixture.open();
    storage.catalogue.save({ server: "cut", fingerprint: "f", tools: [tool("a", 150_000)], listedAt: 1 });
    storage.catalogue.save({ server: "good", fingerprint: "f", tools: [], listedAt: 1 });
  }
  const kv = await Deno.openKv(fixture.path);
  await kv.delete(["catalogue_parts", "cut", 1, 1]);
  await kv.set(["catalogue", "odd"], "text");
  kv.close();

  await using storage = await fixture.open();

  deepStrictEqual([...(await storage.catalogue.load()).keys()], ["good"]);
  match(fixture.notices.join("\n"), /server "cut"[^]*server "odd"/);
});

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

Deno.test("openMemoryStorage() has the same interface and keeps nothing", async () => {
  const entry = { server: "s", fingerprint: "f", tools: [tool("a", 100_000)], listedAt: 1 };
  {
    await using storage = await openMemoryStorage();
    storage.catalogue.save(entry);
    storage.statistics.record("s", "a");
    await storage.meta.set("k", "v");
    await storage.flush();
    deepStrictEqual(await storage.catalogue.load(), new Map([["s", entry]]));
    strictEqual(await storage.meta.get("k"), "v");
  }
  await using storage = await openMemoryStorage();
  strictEqual((await storage.catalogue.load()).size, 0);
});
