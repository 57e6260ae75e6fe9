import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { planMigrations } from "../../../lib/storage/migrations.ts";
import { openFixture, tool } from "./fixture.ts";

type Fixture = Awaited<ReturnType<typeof openFixture>>;

const ENTRY = { server: "s", fingerprint: "f", tools: [tool("a")], listedAt: 1 };

async function fill(fixture: Fixture): Promise<void> {
  await using storage = await fixture.open();
  storage.catalogue.save(ENTRY);
  storage.statistics.record("s", "a");
  await storage.meta.set("consent", { s: "approved" });
}

/** Puts the file of an older schema in place. */
async function putSchema1({ path }: Fixture): Promise<void> {
  const packed = await Deno.open(new URL("fixtures/schema_1.db.gz", import.meta.url));
  Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const file = await Deno.open(path, { write: true, createNew: true });
  await packed.readable.pipeThrough(new DecompressionStream("gzip")).pipeTo(file.writable);
}

async function readSchema1(fixture: Fixture): Promise<unknown[]> {
  await using storage = await fixture.open();
  const lists = await storage.catalogue.load();
  return [
    [...lists].map(([server, { tools, fingerprint }]) => [server, fingerprint, tools.length]),
    lists.get("long")?.tools[0]?.description?.length,
    storage.statistics.get("short", "a").count,
    await storage.meta.get("era"),
  ];
}

const OF_SCHEMA_1 = [[["long", "f2", 1], ["short", "f1", 2]], 70_000, 2, { short: "legacy" }];

function change({ path }: Fixture, sql: string): void {
  using database = new DatabaseSync(path);
  database.exec(sql);
}

Deno.test("openStorage() migrates an older file with all that is in it, once, and keeps it as it was", async () => {
  await using fixture = await openFixture();
  await putSchema1(fixture);

  deepStrictEqual(await readSchema1(fixture), OF_SCHEMA_1);
  deepStrictEqual(await readSchema1(fixture), OF_SCHEMA_1);

  const backup = "mcpproxy.db.schema-1";
  deepStrictEqual(fixture.names(), ["mcpproxy.db", backup]);
  strictEqual((Deno.statSync(fixture.path).mode ?? 0) & 0o777, 0o600);
  deepStrictEqual(fixture.notices.length, 1);
  match(fixture.notices[0] ?? "", /brought from schema 1 to 3; as it was: ".*\.schema-1"$/);
  const kv = await Deno.openKv(fixture.path.replace("mcpproxy.db", backup));
  const { value } = await kv.get(["schema"]);
  kv.close();
  strictEqual(value, 1);
});

Deno.test("openStorage() starts a migration anew that was cut short", async () => {
  await using fixture = await openFixture();
  await putSchema1(fixture);
  Deno.writeTextFileSync(`${fixture.path}.new`, "half of a file");
  Deno.writeTextFileSync(`${fixture.path}.new-wal`, "and of its journal");

  deepStrictEqual(await readSchema1(fixture), OF_SCHEMA_1);

  ok(!fixture.names().some((name) => name.includes(".new")), fixture.names().join());
});

Deno.test("openStorage() leaves the older file in force if it cannot be migrated", async () => {
  await using fixture = await openFixture();
  await putSchema1(fixture);
  fixture.faults.renameMessage = "No space left on device (os error 28)";
  await rejects(() => fixture.open(), { code: "MCPX_DISK_FULL", message: /^Cannot open database/ });

  fixture.faults.renameMessage = undefined;
  deepStrictEqual(await readSchema1(fixture), OF_SCHEMA_1);
});

Deno.test("planMigrations() leads on without gaps", () => {
  const step = (to: number) => ({ to, run: () => Promise.resolve() });
  deepStrictEqual(planMigrations(1, [step(2), step(3)]).map(({ to }) => to), [2, 3]);
  deepStrictEqual(planMigrations(3, [step(2), step(3)]), []);
  match(String(planMigrations(1).map(({ to }) => to)), /^2,3$/);
  try {
    planMigrations(1, [step(3)]);
    ok(false);
  } catch (error) {
    match(String(error), /RangeError: Cannot migrate schema 1: there is no step to 2/);
  }
});

const DAMAGES: readonly {
  readonly name: string;
  readonly why: RegExp;
  readonly damage: (fixture: Fixture) => void | Promise<void>;
}[] = [
  { name: "is empty", why: /\(it is empty\)/, damage: ({ path }) => Deno.writeTextFileSync(path, "") },
  {
    name: "is gone, but for its journal",
    why: /\(its main file is missing\)/,
    damage({ path }) {
      Deno.renameSync(path, `${path}-wal`);
    },
  },
  {
    name: "has no schema",
    why: /\(it has lost its schema version\)/,
    damage: (fixture) => change(fixture, "DELETE FROM kv WHERE hex(k) LIKE '02736368656D61%'"),
  },
  {
    name: "has a schema that no version ever wrote",
    why: /\(it has lost its schema version\)/,
    async damage({ path }) {
      const kv = await Deno.openKv(path);
      await kv.set(["schema"], "two");
      kv.close();
    },
  },
  {
    name: "holds a value that cannot be read",
    why: /could not deserialize/,
    damage: (fixture) => change(fixture, "UPDATE kv SET v = x'FF0F6F22' WHERE hex(k) LIKE '026D657461%'"),
  },
  {
    name: "lacks a table",
    why: /do not fit together/,
    damage: (fixture) => change(fixture, "DROP TABLE kv"),
  },
  {
    name: "says it is of an odd make",
    why: /cannot be opened|no such|deserialize/,
    damage: (fixture) => change(fixture, "UPDATE migration_state SET version = 1"),
  },
];

for (const { name, why, damage } of DAMAGES) {
  Deno.test(`openStorage() sets a file aside that ${name}, and nothing in it counts any more`, async () => {
    await using fixture = await openFixture();
    await fill(fixture);
    await damage(fixture);
    const at = fixture.clock.now();
    const aside = `${fixture.path}.corrupt-${at}`;
    {
      await using storage = await fixture.open();
      strictEqual(await storage.meta.get("consent"), undefined);
      strictEqual((await storage.catalogue.load()).size, 0);
      deepStrictEqual([storage.replacedAt, storage.health().setAside], [at, aside]);
      strictEqual(storage.health().level, "degraded");
      match(storage.health().summary, /was found damaged at 2001-09-09.*counts as not approved/);
      match(storage.health().remedy ?? "", /^Approve again what you trust, then remove .*corrupt-/);
    }
    strictEqual(fixture.notices.length, 1);
    match(fixture.notices[0] ?? "", why);
    ok(fixture.names().some((file) => file.startsWith(`mcpproxy.db.corrupt-${at}`)), fixture.names().join());

    fixture.clock.advance(5);
    await using storage = await fixture.open();
    strictEqual(fixture.notices.length, 1, "the second start finds a sound file");
    strictEqual(storage.replacedAt, at, "the loss is not forgotten by the next start");
  });
}

Deno.test("openStorage() keeps apart what is set aside at the same moment, and forgets with its file", async () => {
  await using fixture = await openFixture();
  for (const _round of [1, 2]) {
    await fill(fixture);
    Deno.writeTextFileSync(fixture.path, "");
  }
  await fill(fixture);
  const at = fixture.clock.now();
  deepStrictEqual(fixture.names(), [
    "mcpproxy.db",
    `mcpproxy.db.corrupt-${at}`,
    `mcpproxy.db.corrupt-${at + 1}`,
  ]);
  for (const number of [at, at + 1]) Deno.removeSync(`${fixture.path}.corrupt-${number}`);

  await using storage = await fixture.open();

  strictEqual(storage.health().level, "healthy");
  strictEqual(storage.replacedAt, at);
});

Deno.test("openStorage() blames the machine, not the file, for a disk that fails", async () => {
  await using fixture = await openFixture();
  await fill(fixture);
  for (
    const [message, code] of [
      ["database or disk is full", "MCPX_DISK_FULL"],
      ["disk I/O error", "MCPX_STORAGE_FAILED"],
      ["attempt to write a readonly database", "MCPX_DATA_DIR_DENIED"],
    ] as const
  ) {
    fixture.faults.openMessage = message;
    await rejects(() => fixture.open(), { code });
  }
  fixture.faults.openMessage = undefined;

  await using storage = await fixture.open();

  deepStrictEqual(await storage.meta.get("consent"), { s: "approved" });
});

Deno.test("openStorage() narrows the mode of a file that others could read", async () => {
  await using fixture = await openFixture();
  await fill(fixture);
  Deno.chmodSync(fixture.path, 0o444);

  await using storage = await fixture.open();

  strictEqual((Deno.statSync(fixture.path).mode ?? 0) & 0o777, 0o600);
  deepStrictEqual(await storage.meta.get("consent"), { s: "approved" });
});

Deno.test("catalogue lists anew what was altered on the disk", async () => {
  await using fixture = await openFixture();
  await fill(fixture);
  const kv = await Deno.openKv(fixture.path);
  const { value } = await kv.get<{ bytes: Uint8Array }>(["catalogue", "s"]);
  const bytes = value?.bytes ?? new Uint8Array();
  const text = new TextDecoder().decode(bytes).replace("description", "DESCRIPTION");
  await kv.set(["catalogue", "s"], { ...value, bytes: new TextEncoder().encode(text) });
  kv.close();

  await using storage = await fixture.open();

  strictEqual((await storage.catalogue.load()).size, 0);
  match(fixture.notices.join(), /^Cannot read the stored tools of server "s"/);
});
