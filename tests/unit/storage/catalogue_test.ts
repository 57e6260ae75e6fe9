import { deepStrictEqual, match, rejects } from "node:assert/strict";
import { openFixture, tool } from "./fixture.ts";

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
