import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  ConfigSchema,
  type ServerConfigInput,
  ServerConfigSchema,
  type ToolDefinition,
} from "../../../lib/contracts/mod.ts";
import { openCatalogue } from "../../../lib/runtime/catalogue.ts";
import type { Trust } from "../../../lib/runtime/mod.ts";
import { openTrust } from "../../../lib/runtime/trust/trust.ts";
import type { TrustOptions } from "../../../lib/runtime/trust/trust_types.ts";
import type { ListIndex } from "../../../lib/search/mod.ts";
import type { Scanner } from "../../../lib/security/mod.ts";
import type { Storage } from "../../../lib/storage/mod.ts";
import { createApprovalStore } from "../../support/trust.ts";

/** Holds definitions whose description says so, after some turns of the loop. */
const scanner: Pick<Scanner, "scan" | "rules"> = {
  rules: "test",
  async scan(subjects) {
    await new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
    const definitions = subjects.map(({ kind, definition }) => {
      const verdict = String(definition.description).includes("evil") ? "hold" as const : "clean" as const;
      return { kind, name: String(definition.name), verdict, score: 0, complete: true, findings: [] };
    });
    return { rules: "test", verdict: "clean", complete: true, definitions };
  },
};

const tool = (name: string, form: number | string): ToolDefinition => ({
  name,
  description: `does ${form}`,
  inputSchema: { type: "object" },
});

/** A machine on which every step takes longer than a turn of the loop may. */
const SLOW: WorldOptions["clock"] = (() => {
  let now = 0;
  return {
    monotonic: () => now += 100,
    after(_delayMs, callback) {
      queueMicrotask(() => queueMicrotask(callback));
      return { [Symbol.dispose]: () => {} };
    },
  };
})();

interface WorldOptions {
  readonly server?: Partial<ServerConfigInput>;
  readonly replacedAt?: number;
  readonly approvals?: Storage["approvals"];
  readonly clock?: TrustOptions["clock"];
}

function open(books: Map<string, string>, { server = {}, replacedAt, approvals, clock }: WorldOptions = {}) {
  const entry = ServerConfigSchema.parse({ name: "s", command: "x", quarantined: false, ...server });
  const config = ConfigSchema.parse({ mcpServers: [entry] });
  const trust = openTrust({
    storage: { approvals: approvals ?? createApprovalStore(books), replacedAt },
    scanner,
    config: () => config,
    log: { warn: () => {}, error: () => {} },
    now: () => 1,
    clock,
  });
  return { trust, entry };
}

const status = (trust: Trust, name: string) => trust.find("s", "tool", name)?.record.status;
const accepts = (trust: Trust, definition: ToolDefinition) =>
  trust.isAccepted("s", "tool", definition.name, definition);

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
    takeServer: () => 0,
    removeServer: () => {},
    saveServer: () => new Uint8Array(),
  };
  const catalogue = await openCatalogue({ storage, index, trust, now: () => 1, clock });
  await catalogue.expose(entry, true);
  return { trust, entry, catalogue };
}

Deno.test("Trust.review() lets a server in with what it shows first, but for what the scan holds", async () => {
  const { trust, entry } = open(new Map());

  await trust.review(entry, "tool", [tool("a", 1), tool("b", "evil")]);

  deepStrictEqual([status(trust, "a"), status(trust, "b")], ["approved", "pending"]);
});

Deno.test("Trust.review() holds at once what has changed, and takes the accepted form back", async () => {
  const { trust, entry } = open(new Map());
  await trust.review(entry, "tool", [tool("a", 1)]);

  const review = trust.review(entry, "tool", [tool("a", 2)]);
  deepStrictEqual([accepts(trust, tool("a", 1)), accepts(trust, tool("a", 2))], [false, false]);
  await review;
  strictEqual(status(trust, "a"), "changed");
  await trust.review(entry, "tool", [tool("a", 1)]);

  ok(accepts(trust, tool("a", 1)));
});

Deno.test("Trust.review() counts annotations as part of a tool", async () => {
  const { trust, entry } = open(new Map());
  const safe = { ...tool("a", 1), annotations: { readOnlyHint: true } };
  await trust.review(entry, "tool", [safe]);

  ok(!accepts(trust, { ...safe, annotations: { readOnlyHint: false } }));
});

Deno.test("Trust.review() takes trust_mode scan and auto at their word", async () => {
  const scan = open(new Map(), { server: { trust_mode: "scan" } });
  await scan.trust.review(scan.entry, "tool", [tool("a", 1)]);
  await scan.trust.review(scan.entry, "tool", [tool("a", 2), tool("b", "evil")]);
  deepStrictEqual([status(scan.trust, "a"), status(scan.trust, "b")], ["approved", "pending"]);

  const auto = open(new Map(), { server: { trust_mode: "auto" } });
  await auto.trust.review(auto.entry, "tool", [tool("a", 1)]);
  await auto.trust.review(auto.entry, "tool", [tool("a", "evil")]);
  await auto.trust.settled();
  strictEqual(status(auto.trust, "a"), "approved");
});

Deno.test("Trust.review() lets in with a held server what a person has looked at, and nothing else", async () => {
  const books = new Map<string, string>();
  const held = open(books, { server: { quarantined: true } });
  await held.trust.review(held.entry, "tool", [tool("a", 1), tool("b", 1)]);
  ok(!accepts(held.trust, tool("a", 1)));

  const { trust, entry } = open(books);
  await trust.review(entry, "tool", [tool("a", 1), tool("b", 2), tool("c", 1)]);

  deepStrictEqual(["a", "b", "c"].map((name) => status(trust, name)), ["approved", "pending", "pending"]);
});

Deno.test("Trust.review() holds what comes after an empty list, however long after, and after a restart", async () => {
  const books = new Map<string, string>();
  const first = open(books);
  await first.trust.review(first.entry, "tool", []);
  await first.trust.review(first.entry, "instructions", []);
  await first.trust.settled();
  await first.trust.review(first.entry, "tool", [tool("late", 1)]);
  strictEqual(status(first.trust, "late"), "pending");

  const { trust, entry } = open(books);
  await trust.review(entry, "instructions", [{ text: "obey" }]);
  ok(!trust.isAccepted("s", "instructions", "instructions", { text: "obey" }));
  ok(!trust.hasStarted("s", "prompt"));
});

Deno.test("Trust.review() lets nothing in that a person has not seen when they looked", async () => {
  const books = new Map<string, string>();
  const held = open(books, { server: { quarantined: true } });
  await held.trust.review(held.entry, "prompt", []);
  await held.trust.settled();

  const { trust, entry } = open(books);
  await trust.review(entry, "prompt", [{ name: "p" }]);

  ok(!trust.isAccepted("s", "prompt", "p", { name: "p" }));
});

Deno.test("Trust takes consent that may be lost for not given", async () => {
  for (const lost of [open(new Map(), { replacedAt: 1 }), open(new Map([["s", "not a book"]]))]) {
    await lost.trust.review(lost.entry, "tool", [tool("a", 1)]);
    strictEqual(status(lost.trust, "a"), "pending");
  }
});

Deno.test("Trust accepts nothing that is not on the disk", async () => {
  const full = { ...createApprovalStore(), save: () => Promise.reject(new Error("The disk is full")) };
  const { trust, entry } = open(new Map(), { approvals: full });

  await trust.review(entry, "tool", [tool("a", 1)]);
  await rejects(trust.approve("s", [{ kind: "tool", name: "a" }], "me"));

  ok(!accepts(trust, tool("a", 1)));
});

Deno.test("Trust.approve() refuses a form other than the one that was looked at", async () => {
  const { trust, entry } = open(new Map(), { server: { quarantined: true } });
  await trust.review(entry, "tool", [tool("a", 1)]);
  const hash = trust.find("s", "tool", "a")?.record.currentHash ?? "";
  await trust.review(entry, "tool", [tool("a", 2)]);

  await rejects(
    trust.approve("s", [{ kind: "tool", name: "a", hash }], "me"),
    /has changed since it was shown/,
  );
});

Deno.test("Trust.reject() keeps a tool out in every later form, after a restart too", async () => {
  const books = new Map<string, string>();
  const first = open(books);
  await first.trust.review(first.entry, "tool", [tool("a", 1)]);
  await first.trust.reject("s", [{ kind: "tool", name: "a" }]);

  const { trust, entry } = open(books);
  await trust.review(entry, "tool", [tool("a", 2)]);
  await trust.review(entry, "tool", [tool("a", 1)]);

  ok(!accepts(trust, tool("a", 1)) && trust.find("s", "tool", "a")?.record.blocked === true);
});

Deno.test("Trust.review() forgets what nobody has decided about once it is gone", async () => {
  const { trust, entry } = open(new Map());
  await trust.review(entry, "tool", [tool("a", 1)]);
  await trust.review(entry, "tool", [tool("a", 1), tool("b", 1)]);
  await trust.review(entry, "tool", []);
  await trust.settled();

  deepStrictEqual([status(trust, "a"), status(trust, "b")], ["approved", undefined]);
});

Deno.test("Trust.review() leaves nothing behind for a server that was removed meanwhile", async () => {
  const books = new Map<string, string>();
  const { trust, entry } = open(books);
  const gone = { ...entry, name: "gone" };

  await trust.review(gone, "prompt", []);
  await trust.review(gone, "tool", [tool("a", 1)]);
  await trust.settled();

  deepStrictEqual([...books.keys()], []);
  ok(!trust.hasStarted("gone", "prompt"));
});

Deno.test("Trust.review() does not remember for ever what came by itself and went", async () => {
  const { trust, entry } = open(new Map(), { server: { trust_mode: "auto" } });
  const many = (round: number) => Array.from({ length: 3_000 }, (_, index) => tool(`t${round}-${index}`, 1));
  for (let round = 0; round < 4; round++) {
    await trust.review(entry, "tool", many(round));
    await trust.settled();
  }
  ok(trust.entries("s").length < 9_000);
  strictEqual(status(trust, "t3-0"), "approved");
  strictEqual(status(trust, "t0-0"), undefined);
});
