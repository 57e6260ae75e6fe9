import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { createFlows } from "../../../lib/calls/flow/flows.ts";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const call = (more: Readonly<Record<string, unknown>> = {}) => ({
  agent: "me",
  server: "mail",
  tool: "send",
  digest: "d1",
  sources: ["inbox"],
  ...more,
});
const SHOWN = { who: { caller: "token:a" }, args: { to: "x" } };

function open() {
  const clock = createManualClock();
  const told: string[] = [];
  let count = 0;
  const flows = createFlows({
    clock,
    random: { uuid: () => `${10_000_000 + count++}-0000-4000-8000-000000000000` },
    onChange: ({ id, status }) => void told.push(`${id} ${status}`),
  });
  return { clock, told, flows };
}

Deno.test("Flows.sources() names what has reached an agent from other servers, and from no other agent", () => {
  const { flows } = open();
  flows.heard("me", "web");
  flows.heard("me", "inbox");
  flows.heard("other", "files");

  deepStrictEqual(flows.sources("me", "mail"), ["inbox", "web"]);
  deepStrictEqual(flows.sources("me", "web"), ["inbox"]);
  deepStrictEqual(flows.sources("other", "files"), []);
  deepStrictEqual(flows.sources("nobody", "mail"), []);
});

Deno.test("Flows forgets an agent that has been silent for as long as a session lasts", () => {
  const { clock, flows } = open();
  flows.heard("me", "inbox");
  flows.want(call(), SHOWN);

  clock.advance(30 * 60_000);
  deepStrictEqual(flows.sources("me", "mail"), ["inbox"]);
  clock.advance(1);
  deepStrictEqual([flows.sources("me", "mail"), flows.list()], [[], []]);
});

Deno.test("Flows.take() gives what a person has allowed once to one call, and that very call", () => {
  const { told, flows } = open();
  const { id } = flows.want(call(), SHOWN);

  strictEqual(flows.take(call()), undefined);
  strictEqual(flows.want(call(), SHOWN).id, id, "the same call is asked about once");
  flows.decide(id, "once");
  for (const other of [{ digest: "d2" }, { tool: "forward" }, { server: "chat" }, { agent: "you" }]) {
    strictEqual(flows.take(call(other)), undefined);
  }
  strictEqual(flows.take(call({ sources: ["inbox", "web"] })), undefined, "it has read more since");
  strictEqual(flows.take(call()), "allowed");
  strictEqual(flows.take(call()), undefined);
  deepStrictEqual(told, [`${id} pending`, `${id} once`]);
});

Deno.test("Flows.take() takes consent for a session for all that is written to its server, until it is taken back", () => {
  const { flows } = open();
  const { id } = flows.want(call(), SHOWN);
  flows.decide(id, "session");

  for (let count = 0; count < 3; count++) strictEqual(flows.take(call({ digest: `${count}` })), "allowed");
  strictEqual(flows.take(call({ server: "chat" })), undefined);
  strictEqual(flows.take(call({ sources: ["web"] })), undefined);
  const other = flows.want(call({ digest: "no" }), SHOWN);
  flows.decide(other.id, "denied");
  strictEqual(flows.take(call({ digest: "no" })), "denied");
  flows.decide(id, "denied");
  strictEqual(flows.take(call({ digest: "7" })), undefined);
  strictEqual(flows.take(call()), "denied");
});

Deno.test("Flows.decide() knows only what is asked", () => {
  const { flows } = open();
  const { id } = flows.want(call(), SHOWN);
  flows.decide(id, "once");
  flows.take(call());

  throws(
    () => flows.decide(id, "session"),
    (error: GatewayError) => error.code === "MCPX_CONSENT_NOT_FOUND" && error.message.includes(id),
  );
});

Deno.test("Flows keeps little, whoever asks for one thing after the other", () => {
  const { flows } = open();
  flows.decide(flows.want(call({ digest: "kept" }), SHOWN).id, "session");
  for (let count = 0; count < 500; count++) flows.want(call({ digest: `${count}`, server: "chat" }), SHOWN);
  ok(flows.list().length <= 50);
  strictEqual(flows.take(call()), "allowed", "what was given stays");

  for (let count = 0; count < 10_001; count++) flows.heard(`agent ${count}`, "inbox");
  deepStrictEqual(flows.sources("agent 0", "mail"), []);
  deepStrictEqual(flows.sources("agent 10000", "mail"), ["inbox"]);
});

Deno.test("no call passes without a person's word on it, whatever agents and people do", () => {
  const digest = fc.constantFrom("d1", "d2", "d3");
  const server = fc.constantFrom("mail", "chat");
  const source = fc.constantFrom("inbox", "web", "mail");
  const agent = fc.constantFrom("me", "you");
  const step = fc.oneof(
    fc.record({ do: fc.constant("hear" as const), agent, source }),
    fc.record({ do: fc.constant("call" as const), agent, server, digest }),
    fc.record({
      do: fc.constant("decide" as const),
      at: fc.nat(9),
      status: fc.constantFrom("once", "session", "denied"),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { flows } = open();
      const heard = new Map<string, Set<string>>();
      /** What people have said so far and nobody has used up. */
      let words: {
        agent: string;
        server: string;
        digest: string;
        sources: readonly string[];
        status: string;
      }[] = [];
      for (const one of steps) {
        if (one.do === "hear") {
          flows.heard(one.agent, one.source);
          heard.set(one.agent, (heard.get(one.agent) ?? new Set()).add(one.source));
        } else if (one.do === "decide") {
          const consent = flows.list()[one.at];
          if (consent === undefined) continue;
          flows.decide(consent.id, one.status);
          const { agent, server, digest, sources } = consent;
          words = words.filter((word) =>
            !(word.agent === agent && word.server === server && word.digest === digest)
          );
          words.push({ agent, server, digest, sources, status: one.status });
        } else {
          const sources = flows.sources(one.agent, one.server);
          const wanted = [...heard.get(one.agent) ?? []].filter((name) => name !== one.server).sort();
          deepStrictEqual(sources, wanted);
          if (sources.length === 0) continue;
          const taken = flows.take({ ...call(one), sources });
          if (taken === "allowed") {
            const word = words.find((given) =>
              given.agent === one.agent && given.server === one.server &&
              sources.every((name) => given.sources.includes(name)) &&
              (given.status === "session" || given.status === "once" && given.digest === one.digest)
            );
            ok(word !== undefined, JSON.stringify({ one, words }));
            if (word.status === "once") words = words.filter((given) => given !== word);
          } else if (taken === undefined) flows.want({ ...call(one), sources }, SHOWN);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});
