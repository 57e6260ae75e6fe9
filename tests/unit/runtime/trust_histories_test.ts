import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { ToolDefinition } from "../../../lib/contracts/mod.ts";
import { openCatalogue } from "../../../lib/runtime/catalogue.ts";
import type { ListIndex } from "../../../lib/search/mod.ts";
import type { Storage } from "../../../lib/storage/mod.ts";
import { accepts, open, SLOW, tool, type WorldOptions } from "./trust_fixture.ts";

type Step =
  | { readonly do: "list"; readonly forms: Readonly<Record<string, number>>; readonly waits: boolean }
  | { readonly do: "approve" | "reject"; readonly name: string }
  | { readonly do: "restart" };

const NAMES = ["a", "b", "c"];
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("list" as const),
      forms: fc.dictionary(fc.constantFrom(...NAMES), fc.integer({ min: 0, max: 3 })),
      waits: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("approve" as const, "reject" as const),
      name: fc.constantFrom(...NAMES),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "restart" as const }) },
);

Deno.test("a tool that differs from its approved form is never callable nor visible, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const books = new Map<string, string>();
      /** The form of each tool that somebody has consented to. */
      const consented = new Map<string, number>();
      let isStarted = false;
      let { world, live } = { world: await openWorld(books), live: new Map<string, ToolDefinition>() };
      const check = () => {
        for (const form of [0, 1, 2, 3]) {
          for (const name of NAMES) {
            if (!accepts(world.trust, tool(name, form))) continue;
            strictEqual(form, consented.get(name), `${name} is callable as ${form}`);
          }
        }
        for (const one of world.catalogue.get("s")?.tools ?? []) {
          ok(accepts(world.trust, one), `${one.name} is visible`);
          deepStrictEqual(one, live.get(one.name));
        }
      };
      for (const one of steps) {
        if (one.do === "list") {
          const tools = Object.entries(one.forms).map(([name, form]) => tool(name, form));
          if (!isStarted) {
            for (const [name, form] of Object.entries(one.forms)) consented.set(name, form);
            isStarted = true;
          }
          live = new Map(tools.map((each) => [each.name, each]));
          const taken = world.catalogue.set(world.entry, tools);
          check();
          if (one.waits) await taken;
          // A list that is overtaken by a restart would not have been the first.
          else await world.trust.settled().then(() => taken);
        } else if (one.do === "restart") {
          world = await openWorld(books);
          live = new Map();
        } else {
          const known = world.trust.find("s", "tool", one.name)?.record;
          const decided = one.do === "approve"
            ? world.trust.approve("s", [{ kind: "tool", name: one.name }], "me")
            : world.trust.reject("s", [{ kind: "tool", name: one.name }]);
          if (known === undefined) await rejects(decided);
          else {
            await decided;
            const form = Number(String(known.currentDefinition.description).slice(5));
            if (one.do === "approve") consented.set(one.name, form);
            else consented.delete(one.name);
          }
        }
        check();
      }
      for (const [name, each] of live) {
        const isWanted = consented.get(name) === Number(String(each.description).slice(5));
        strictEqual(accepts(world.trust, each), isWanted, `${name} at the end`);
      }
    }),
    { numRuns: 1_500 },
  );
});

Deno.test("no form that differs is callable or visible while long lists are read, either", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const books = new Map<string, string>();
      const consented = new Map<string, number>();
      let isStarted = false;
      let world = await openWorld(books, SLOW);
      /** Lists that nobody waits for; a newer one may overtake them. */
      let underway: Promise<void>[] = [];
      let last = new Map<string, ToolDefinition>();
      const check = () => {
        for (const form of [0, 1, 2, 3]) {
          for (const name of NAMES) {
            if (!accepts(world.trust, tool(name, form))) continue;
            strictEqual(form, consented.get(name), `${name} is callable as ${form}`);
          }
        }
        // A copy: what is known of an object may not speak for another form of it.
        for (const one of world.catalogue.get("s")?.tools ?? []) {
          ok(accepts(world.trust, { ...one }), `${one.name} is visible`);
        }
      };
      const settle = async () => {
        await Promise.all(underway);
        await world.trust.settled();
        underway = [];
      };
      for (const one of steps) {
        if (one.do === "list") {
          const tools = Object.entries(one.forms).map(([name, form]) => tool(name, form));
          last = new Map(tools.map((each) => [each.name, each]));
          underway.push(world.catalogue.set(world.entry, tools));
          if (!isStarted) { for (const [name, form] of Object.entries(one.forms)) consented.set(name, form); }
          if (one.waits || !isStarted) await settle();
          isStarted = true;
        } else if (one.do === "restart") {
          await settle();
          world = await openWorld(books, SLOW);
          last = new Map();
        } else {
          const choices = [{ kind: "tool" as const, name: one.name }];
          const decided = one.do === "approve"
            ? world.trust.approve("s", choices, "me")
            : world.trust.reject("s", choices);
          const [made] = await decided.catch(() => []);
          if (made === undefined) continue;
          const form = Number(String(made.to.currentDefinition.description).slice(5));
          if (one.do === "approve") consented.set(one.name, form);
          else consented.delete(one.name);
        }
        check();
      }
      await settle();
      check();
      for (const [name, each] of last) {
        const isWanted = consented.get(name) === Number(String(each.description).slice(5));
        strictEqual(accepts(world.trust, each), isWanted, `${name} at the end`);
        strictEqual(world.catalogue.get("s")?.byName.has(name) === true, isWanted, `${name} in the list`);
      }
    }),
    { numRuns: 1_500 },
  );
});

async function openWorld(books: Map<string, string>, clock?: WorldOptions["clock"]) {
  const { trust, entry } = open(books, { clock });
  const storage = {
    catalogue: { load: () => Promise.resolve(new Map()), save: () => {}, remove: () => {} },
  } as unknown as Storage; // all that a catalogue uses
  const index: ListIndex = {
    waiting: [],
    takeServer: () => 0,
    removeServer: () => {},
    saveServer: () => new Uint8Array(),
  };
  const catalogue = await openCatalogue({ storage, index, trust, now: () => 1, clock });
  await catalogue.expose(entry, true);
  return { trust, entry, catalogue };
}
