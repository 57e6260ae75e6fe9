/// <reference lib="dom" />
/**
 * Shows what a server says of one thing it offers: what of it is new or has
 * changed, and what the scan found.
 *
 * @module
 */

import type { ApprovalView, VerbOutput } from "../lib/contracts/mod.ts";
import { type Api, step } from "./api.ts";
import { type Child, make, quote } from "./dom.ts";
import { badge, count, empty } from "./page.ts";
import { compareWords } from "./words.ts";

type Change = VerbOutput<"approvals.diff">["changes"][number];
type Finding = NonNullable<ApprovalView["scan"]>["findings"][number];

/** Fields that say what people read first, in this order; the others follow as they come. */
const FIRST = ["/title", "/description", "/text", "/annotations", "/inputSchema"];
const MAX_SHOWN = 20_000;

/** Words for what a thing is. */
export const KIND_WORDS: Readonly<Record<ApprovalView["kind"], string>> = {
  tool: "tool",
  prompt: "prompt",
  resource: "resource",
  resource_template: "resource template",
  instructions: "instructions",
  package: "package",
};

/** Reads and shows the fields of a definition, one by one, and what the scan found. */
export async function showDefinition(api: Api, item: ApprovalView): Promise<HTMLElement> {
  const { server_name: server, name, kind } = item;
  const { changes, approval } = await api.ask<"approvals.diff">(
    "GET",
    `/servers/${step(server)}/tools/diff?kind=${kind}&tool=${step(name)}`,
  );
  const isOther = approval.current_hash !== item.current_hash;
  const fields = [...changes].sort((a, b) => rankOf(a) - rankOf(b));
  return make(
    "div",
    { class: "definition" },
    isOther && make("p", { class: "warning" }, "It has just changed again; what follows is its newest form."),
    make("h4", {}, headOf(approval, changes)),
    fields.length === 0
      ? empty("Nothing differs from what was accepted.")
      : make("dl", { class: "fields" }, fields.map(fieldOf)),
    findingsOf(approval),
    make("p", { class: "faint" }, "Form ", make("code", {}, shorten(approval.current_hash))),
  );
}

function headOf({ approved_hash, approved_by }: ApprovalView, changes: readonly Change[]): string {
  if (approved_hash === undefined) return "All of it, since nothing was accepted before";
  const by = approved_by === undefined ? "" : ` (by ${approved_by})`;
  return `${count(changes.length, "field differs", "fields differ")} from what was accepted${by}`;
}

function rankOf({ pointer }: Change): number {
  const rank = FIRST.findIndex((first) => pointer === first || pointer.startsWith(`${first}/`));
  return rank < 0 ? FIRST.length : rank;
}

function fieldOf({ pointer, kind, before, after }: Change): HTMLElement {
  const isText = typeof before === "string" && typeof after === "string";
  return make(
    "div",
    {},
    make("dt", {}, make("code", {}, pointer === "" ? "/" : pointer), " ", badge(kind, KIND_LOOK[kind])),
    isText ? make("dd", {}, comparison(before, after)) : make(
      "dd",
      {},
      before !== undefined && value(before, "before"),
      after !== undefined && value(after, "after"),
    ),
  );
}

const KIND_LOOK = { added: "good", removed: "bad", changed: "fair" } as const;

function comparison(before: string, after: string): Child {
  const runs = compareWords(before.slice(0, MAX_SHOWN), after.slice(0, MAX_SHOWN));
  return make(
    "pre",
    { class: "comparison" },
    runs.map(({ kind, text }) => kind === "same" ? text : make(kind === "added" ? "ins" : "del", {}, text)),
    rest(Math.max(before.length, after.length)),
  );
}

function value(found: unknown, side: "before" | "after"): HTMLElement {
  const text = typeof found === "string" ? found : JSON.stringify(found, undefined, 2);
  return make("pre", { class: side }, text.slice(0, MAX_SHOWN), rest(text.length));
}

function rest(length: number): Child {
  return length > MAX_SHOWN &&
    make("em", {}, `\n… and ${length - MAX_SHOWN} characters more, too many to judge by eye`);
}

function shorten(hash: string): string {
  return hash.length > 40 ? `${hash.slice(0, 26)}…` : hash;
}

/** What the scan found, with the words that made it say so. */
function findingsOf({ scan }: ApprovalView): Child {
  if (scan === undefined) {
    return make("p", { class: "warning" }, "This form has not been scanned: read it with care.");
  }
  const partly = !scan.complete && make("p", { class: "warning" }, "A part of it could not be scanned.");
  if (scan.findings.length === 0) return partly;
  // Several rules may see the same thing.
  const groups = [...Map.groupBy(scan.findings, ({ message, pointer }) => `${message}\n${pointer}`).values()];
  return [
    make("h4", {}, `What the scan found (${scan.findings.length})`),
    partly,
    make("ul", { class: "findings" }, groups.map(findingGroup)),
  ];
}

function findingGroup(findings: readonly Finding[]): HTMLElement {
  const [first] = findings;
  const pointer = first?.pointer ?? "";
  const rules = findings.map(({ rule, tag }) => tag === "" ? rule : `${rule} (${tag})`);
  const texts = new Map(
    findings.map(({ text, decoded }) => [`${text}\n${decoded ?? ""}`, { text, decoded }]),
  );
  return make(
    "li",
    {},
    make("strong", {}, first?.message),
    make("span", { class: "faint" }, pointer === "" ? "" : ` in ${pointer}`),
    [...texts.values()].map(({ text, decoded }) => [
      text !== "" && make("blockquote", {}, quote(text)),
      decoded !== undefined && make("blockquote", {}, make("em", {}, "which stands for: "), quote(decoded)),
    ]),
    make("span", { class: "faint" }, [...new Set(rules)].join(", ")),
  );
}

/** Says in a word or two what the scan thinks. */
export function verdictBadge({ kind, scan }: ApprovalView): HTMLElement {
  // There is no text in it that anybody could scan.
  if (kind === "package") return badge("version and hash");
  if (scan === undefined) return badge("not scanned", "fair");
  const { verdict, findings } = scan;
  if (verdict === "hold") return badge(`dangerous: ${count(findings.length, "finding")}`, "bad");
  if (verdict === "review") return badge(`look closely: ${count(findings.length, "finding")}`, "fair");
  return scan.complete ? badge("nothing found", "good") : badge("partly scanned", "fair");
}
