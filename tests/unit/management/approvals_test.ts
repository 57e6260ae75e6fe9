import { deepStrictEqual, rejects, throws } from "node:assert/strict";
import { VERBS } from "../../../lib/contracts/mod.ts";
import { approvalVerbs } from "../../../lib/management/approvals.ts";
import type { ManagementOptions } from "../../../lib/management/options.ts";
import type { VerbContext } from "../../../lib/management/verb_context.ts";
import type { TrustChoice } from "../../../lib/runtime/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

/** Verbs over a runtime that notes what is approved, and shows whatever form it has now. */
function createVerbs() {
  const approved: TrustChoice[] = [];
  const clock = createManualClock();
  const now = { form: "1" };
  const options = {
    platform: { clock },
    runtime: {
      server: () => ({}),
      trust: {
        find: (server: string, kind: string, name: string) => ({
          record: {
            server,
            kind,
            name,
            status: "pending",
            seenAt: 0,
            currentHash: now.form,
            currentDefinition: {},
          },
        }),
        approve: (_server: string, choices: readonly TrustChoice[]) => {
          approved.push(...choices);
          return Promise.resolve([]);
        },
      },
    },
    config: { snapshot: () => ({ config: { read_only_mode: false } }) },
  };
  // Only what is used is there.
  return { approved, clock, now, verbs: approvalVerbs(options as unknown as ManagementOptions) };
}

const ME: VerbContext = {
  caller: { role: "admin", label: "me", surface: "cli" },
  requestId: "r1",
  signal: new AbortController().signal,
};

const parse = (text: string) => VERBS["approvals.approve"].input.parse(JSON.parse(text));

Deno.test("approvals.approve binds every name to its hash, even __proto__", async () => {
  const { verbs, approved } = createVerbs();

  await verbs.approve(
    parse('{"name":"s","tools":["a","__proto__"],"hashes":{"a":"1","__proto__":"2"}}'),
    ME,
  );

  deepStrictEqual(approved, [
    { kind: "tool", name: "a", hash: "1" },
    { kind: "tool", name: "__proto__", hash: "2" },
  ]);
});

Deno.test("approvals.approve takes no name that is left out of the hashes", async () => {
  const { verbs, approved } = createVerbs();

  await rejects(verbs.approve(parse('{"name":"s","tools":["a","b"],"hashes":{"a":"1"}}'), ME), {
    code: "MCPX_INVALID_INPUT",
  });

  deepStrictEqual(approved, []);
  for (const hashes of ['["x"]', '"x"', '{"a":1}', "null"]) {
    throws(() => parse(`{"name":"s","tools":["a"],"hashes":${hashes}}`));
  }
});

Deno.test("approvals.approve is about the form that was shown last, however the server has turned since", async () => {
  const { verbs, approved, now, clock } = createVerbs();
  const approve = () => verbs.approve(parse('{"name":"s","tools":["a"]}'), ME);

  await approve();
  verbs.diff({ name: "s", tool: "a", kind: "tool" });
  now.form = "2";
  await approve();
  verbs.diff({ name: "s", tool: "a", kind: "tool" });
  await approve();
  clock.advance(3_600_001);
  await approve();

  deepStrictEqual(approved.map(({ hash }) => hash), [undefined, "1", "2", undefined]);
});
