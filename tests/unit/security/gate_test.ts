import { deepStrictEqual, ok } from "node:assert/strict";
import { createRuleSet, scanAll } from "../../../lib/security/engine.ts";
import {
  type Definition,
  type DefinitionKind,
  REVIEW_SCORE,
  type Verdict,
} from "../../../lib/security/mod.ts";

/** One labelled definition, written for this project. */
interface Row {
  readonly split:
    | "dev"
    | "held-out"
    | "hard"
    | "broad"
    | "wide"
    | "wide-held-out"
    | "many"
    | "many-held-out"
    | "more"
    | "more-held-out";
  readonly label: "malicious" | "benign";
  readonly attack: string;
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** The poisoned pieces of it. */
  readonly marks?: readonly string[];
  readonly title?: string;
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

async function readRows(name: string): Promise<readonly Row[]> {
  const text = await Deno.readTextFile(new URL(name, import.meta.url));
  return name.endsWith("l") ? text.trim().split("\n").map((line) => JSON.parse(line)) : JSON.parse(text);
}

const rows: readonly Row[] = [
  ...await readRows("./rows.json"),
  ...await readRows("./rows_broad.json"),
  ...await readRows("./rows_wide.json"),
  ...await readRows("./rows_many.json"),
  ...await readRows("./rows_more.jsonl"),
];
const rules = createRuleSet();

/** Each row is scanned alone: the rows are not tools of one server. */
function verdictOf(
  { split: _split, label: _label, attack: _attack, marks: _marks, ...definition }: Row,
): Verdict {
  return scan("tool", definition);
}

function scan(kind: DefinitionKind, definition: Definition): Verdict {
  return scanAll([{ kind, definition }], rules).verdict;
}

function scoreOf(kind: DefinitionKind, definition: Definition): number {
  return scanAll([{ kind, definition }], rules).definitions[0]?.score ?? 0;
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
  const broad = shares("broad", "malicious");
  ok(broad.flagged >= 0.88 && broad.held >= 0.78, JSON.stringify(broad));
  // Orders in words that no list of words holds whole; what is missed here is missed by the method.
  const hard = shares("hard", "malicious");
  ok(hard.flagged >= 0.6 && hard.held >= 0.4, JSON.stringify(hard));
  // All classes of attack in texts of every length, with orders in passing; the last batch was never trained on.
  const wide = shares("wide", "malicious");
  ok(wide.flagged >= 0.87 && wide.held >= 0.62, JSON.stringify(wide));
  const unseen = shares("wide-held-out", "malicious");
  ok(unseen.flagged >= 0.75 && unseen.held >= 0.5, JSON.stringify(unseen));
  // Of many registers, by another author; the last split was never trained on.
  const many = shares("many", "malicious");
  ok(many.flagged >= 0.9 && many.held >= 0.52, JSON.stringify(many));
  const manyUnseen = shares("many-held-out", "malicious");
  ok(manyUnseen.flagged >= 0.8 && manyUnseen.held >= 0.44, JSON.stringify(manyUnseen));
  // By eleven more, each in manners of their own, many of them hardly ever met; of each the last seventh was never trained on.
  const more = shares("more", "malicious");
  ok(more.flagged >= 0.74 && more.held >= 0.36, JSON.stringify(more));
  const moreUnseen = shares("more-held-out", "malicious");
  ok(moreUnseen.flagged >= 0.62 && moreUnseen.held >= 0.26, JSON.stringify(moreUnseen));
});

Deno.test("the scanner leaves honest definitions alone (gate)", () => {
  deepStrictEqual(shares("held-out", "benign"), { flagged: 0, held: 0 });
  const dev = shares("dev", "benign");
  ok(dev.flagged <= 0.08 && dev.held === 0, JSON.stringify(dev));
  // Honest tools chosen for their words: of secrets, shells, prompts and mail.
  const broad = shares("broad", "benign");
  ok(broad.flagged <= 0.06 && broad.held <= 0.015, JSON.stringify(broad));
  // Written to tempt: what they forbid, or are for, is what the others order.
  const wide = shares("wide", "benign");
  ok(wide.flagged <= 0.11 && wide.held <= 0.035, JSON.stringify(wide));
  const unseen = shares("wide-held-out", "benign");
  ok(unseen.flagged <= 0.13 && unseen.held <= 0.01, JSON.stringify(unseen));
  const many = shares("many", "benign");
  ok(many.flagged <= 0.075 && many.held <= 0.005, JSON.stringify(many));
  const manyUnseen = shares("many-held-out", "benign");
  ok(manyUnseen.flagged <= 0.17 && manyUnseen.held <= 0.015, JSON.stringify(manyUnseen));
  const more = shares("more", "benign");
  ok(more.flagged <= 0.08 && more.held <= 0.01, JSON.stringify(more));
  const moreUnseen = shares("more-held-out", "benign");
  ok(moreUnseen.flagged <= 0.19 && moreUnseen.held <= 0.04, JSON.stringify(moreUnseen));
});

/** The text of a row in each field that reaches a model. */
const PLACES: Readonly<Record<string, (text: string, name: string) => [DefinitionKind, Definition]>> = {
  "prompt": (text) => ["prompt", { name: "helper", description: text }],
  "prompt title": (text) => ["prompt", { name: "helper", title: text }],
  "prompt argument": (text, name) => ["prompt", { name, arguments: [{ name: "topic", description: text }] }],
  "resource": (text) => ["resource", { uri: "file:///a", name: "a", description: text }],
  "resource title": (text) => ["resource", { uri: "file:///a", name: "a", title: text }],
  "resource template": (text) => [
    "resource_template",
    { uriTemplate: "file:///{a}", name: "a", description: text },
  ],
  "instructions": (text) => ["instructions", { text }],
  "output schema": (text) => ["tool", {
    name: "get",
    outputSchema: { properties: { a: { type: "string", description: text } } },
  }],
  "annotation": (text) => ["tool", { name: "get", annotations: { title: text } }],
};

Deno.test("the scanner reads prompts, resources and instructions as it reads tools (gate)", () => {
  // What is only just found in a tool may be only just missed elsewhere.
  const poisoned = rows.filter(({ label, name, description }) =>
    label === "malicious" && scoreOf("tool", { name, description }) >= REVIEW_SCORE + 0.25
  );
  const honest = rows.filter(({ label }) => label === "benign");
  ok(poisoned.length > 200 && honest.length > 200);

  for (const [place, put] of Object.entries(PLACES)) {
    const missed = poisoned.filter(({ name, description }) => scan(...put(description, name)) === "clean");
    const blamed = honest.filter(({ name, description }) => scan(...put(description, name)) === "hold");

    // A title has no first sentence that it could be measured by; instructions give orders by nature.
    const most = place === "instructions" ? 0.08 : 0.03;
    ok(missed.length <= poisoned.length * most, `${place}: ${missed.map(({ name }) => name)}`);
    // Without the name and the parameters of its tool, less is known to be its business.
    ok(blamed.length <= honest.length * 0.06, `${place}: ${blamed.map(({ name }) => name)}`);
  }
});

Deno.test("the scanner holds every row whose trick is the form of the text (gate)", () => {
  const structural = rows.filter(({ label, attack }) =>
    label === "malicious" && ["unicode", "encoded"].includes(attack)
  );

  ok(structural.length > 15);
  deepStrictEqual(structural.filter((row) => verdictOf(row) !== "hold").map(({ name }) => name), []);
});
