import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { openMemoryStorage } from "../../../lib/storage/mod.ts";
import { openFixture, tool } from "./fixture.ts";

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
  await kv.set(["schema"], 4);
  kv.close();

  await rejects(() => fixture.open(), (error: Error & { code?: string; details?: unknown }) => {
    strictEqual(error.code, "MCPX_STORAGE_TOO_NEW");
    match(error.message, /^Cannot open database ".*": its schema is 4, this version reads up to 3$/);
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
