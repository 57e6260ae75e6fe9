import { deepStrictEqual, ok } from "node:assert/strict";
import { createRuleSet, scanAll, type Verdict } from "../../../lib/security/mod.ts";

/** One labelled definition, written for this project. */
interface Row {
  readonly split: "dev" | "held-out" | "hard";
  readonly label: "malicious" | "benign";
  readonly attack: string;
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

const rows: readonly Row[] = JSON.parse(await Deno.readTextFile(new URL("./rows.json", import.meta.url)));
const rules = createRuleSet();

/** Each row is scanned alone: the rows are not tools of one server. */
function verdictOf({ name, description, inputSchema }: Row): Verdict {
  return scanAll([{ kind: "tool", definition: { name, description, inputSchema } }], rules).verdict;
}

function shares(split: Row["split"], label: Row["label"]) {
  const verdicts = rows.filter((row) => row.split === split && row.label === label).map(verdictOf);
  const share = (isCounted: (verdict: Verdict) => boolean) =>
    verdicts.filter(isCounted).length / verdicts.length;
  return { flagged: share((verdict) => verdict !== "clean"), held: share((verdict) => verdict === "hold") };
}

Deno.test("the scanner finds poisoned definitions of every split (gate)", () => {
  const dev = shares("dev", "malicious");
  const heldOut = shares("held-out", "malicious");

  ok(dev.flagged >= 0.94 && dev.held >= 0.78, JSON.stringify(dev));
  ok(heldOut.flagged >= 0.85 && heldOut.held >= 0.65, JSON.stringify(heldOut));
  // Orders in words that no list of words holds whole; what is missed here is missed by the method.
  const hard = shares("hard", "malicious");
  ok(hard.flagged >= 0.6 && hard.held >= 0.4, JSON.stringify(hard));
});

Deno.test("the scanner leaves honest definitions alone (gate)", () => {
  deepStrictEqual(shares("held-out", "benign"), { flagged: 0, held: 0 });
  const dev = shares("dev", "benign");
  ok(dev.flagged <= 0.02 && dev.held === 0, JSON.stringify(dev));
});

Deno.test("the scanner holds every row whose trick is the form of the text (gate)", () => {
  const structural = rows.filter(({ label, attack }) =>
    label === "malicious" && ["unicode", "encoded"].includes(attack)
  );

  ok(structural.length > 15);
  deepStrictEqual(structural.filter((row) => verdictOf(row) !== "hold").map(({ name }) => name), []);
});
