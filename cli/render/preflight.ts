import type { VerbOutput } from "../../lib/contracts/mod.ts";
import { type Cell, renderTable } from "./table.ts";
import { type Look, oneLine, paint, type Style } from "./text.ts";

const STYLES: Readonly<Record<string, Style>> = {
  ready: "good",
  degraded_retryable: "warning",
  blocked: "bad",
  unknown_ids: "bad",
  not_found: "bad",
};

/** Writes what a preflight has found. */
export function renderPreflight(found: VerbOutput<"tools.preflight">, look: Look): string {
  const columns = [
    { title: "ID" },
    { title: "STATUS" },
    { title: "REASON" },
    { title: "RETRYABLE" },
    { title: "ACTION" },
    { title: "DETAIL", flexible: true },
  ];
  const rows = found.tools.map((tool): Cell[] => [
    oneLine(tool.id),
    { text: tool.status, style: STYLES[tool.status] },
    tool.reason ?? "",
    tool.retryable === undefined ? "" : tool.retryable ? "yes" : "no",
    tool.action === "none" ? "" : tool.action ?? "",
    oneLine(toDetail(tool)),
  ]);
  const head = [
    `VERDICT  ${paint(found.verdict, STYLES[found.verdict], look)}`,
    `CHECKED  ${found.checked_at}${found.waited_ms === undefined ? "" : `, waited ${found.waited_ms} ms`}`,
  ];
  return `${head.join("\n")}\n\n${renderTable(columns, rows, look)}`;
}

type Tool = VerbOutput<"tools.preflight">["tools"][number];

function toDetail({ detail, remediation, did_you_mean: near = [] }: Tool): string {
  const [first] = near;
  const parts = [detail, first === undefined ? undefined : `did you mean "${first}"?`, remediation];
  return parts.filter((part) => part !== undefined).join("; ");
}
