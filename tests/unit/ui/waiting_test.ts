import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { ApprovalView, ConsentView, ServerView } from "../../../lib/contracts/mod.ts";
import { countWaiting, rejectedGroups, toChoices, waitingGroups } from "../../../ui/waiting.ts";

type Verdict = "clean" | "review" | "hold";

function item(server: string, name: string, { status = "pending", kind = "tool", verdict }: {
  status?: ApprovalView["status"];
  kind?: ApprovalView["kind"];
  verdict?: Verdict;
} = {}): ApprovalView {
  const scan = verdict === undefined
    ? undefined
    : { verdict, score: 0, complete: true, findings: [], rules: "r", scanned_at: "" };
  const texts = { reason: "", seen_at: "", description: "" };
  return { server_name: server, name, kind, status, current_hash: `hash of ${name}`, scan, ...texts };
}

// Only what is asked for is there.
const server = (name: string, quarantined = false) => ({ name, quarantined }) as ServerView;

Deno.test("waitingGroups() shows the worst first, and leaves out rejected ones and servers in quarantine", () => {
  const known = {
    servers: [server("a"), server("q", true)],
    held: [
      item("a", "clean", { verdict: "clean" }),
      item("a", "hold", { verdict: "hold" }),
      item("a", "no", { status: "blocked" }),
      item("q", "inside"),
      item("a", "unknown"),
    ],
  };

  const groups = waitingGroups(known).map(({ server, items }) => [server, items.map(({ name }) => name)]);

  deepStrictEqual(groups, [["a", ["hold", "unknown", "clean"]]]);
  deepStrictEqual(rejectedGroups(known).map(({ items }) => items.length), [1]);
  strictEqual(countWaiting(known), 4);
  strictEqual(countWaiting({ ...known, consents: [{ id: "c-1" } as ConsentView] }), 5);
});

Deno.test("toChoices() asks for each kind, with the hash of each form", () => {
  deepStrictEqual(toChoices([item("a", "x"), item("a", "x", { kind: "prompt" }), item("a", "__proto__")]), [
    {
      kind: "tool",
      tools: ["x", "__proto__"],
      hashes: Object.fromEntries([["x", "hash of x"], ["__proto__", "hash of __proto__"]]),
    },
    { kind: "prompt", tools: ["x"], hashes: { x: "hash of x" } },
  ]);
});

Deno.test("toChoices() asks several times for more names than one question takes", () => {
  const many = Array.from({ length: 1_001 }, (_, at) => item("a", `t${at}`));
  deepStrictEqual(toChoices(many).map(({ tools }) => tools.length), [1_000, 1]);
});
