import { isRawNumber } from "../../contracts/mod.ts";
import { escapePointer } from "../approval/diff.ts";
import type { SensitiveFinding } from "./detect.ts";

/**
 * Writes a value again with `[redacted:kind]` in the place of every secret.
 *
 * Pure: the value stays as it is, parts without a secret are shared. A key that
 * holds a secret is rewritten too; a number that is one becomes a text.
 */
export function maskSensitive(value: unknown, findings: readonly SensitiveFinding[]): unknown {
  if (findings.length === 0) return value;
  return mask(value, "", { at: Map.groupBy(findings, ({ pointer }) => pointer), above: pathsTo(findings) });
}

interface Marks {
  readonly at: ReadonlyMap<string, readonly SensitiveFinding[]>;
  /** Pointers of everything that holds a finding somewhere below. */
  readonly above: ReadonlySet<string>;
}

function pathsTo(findings: readonly SensitiveFinding[]): Set<string> {
  const paths = new Set<string>();
  for (const { pointer } of findings) {
    for (
      let end = pointer.lastIndexOf("/");
      end >= 0;
      end = end === 0 ? -1 : pointer.lastIndexOf("/", end - 1)
    ) {
      const path = pointer.slice(0, end);
      if (paths.has(path)) break;
      paths.add(path);
    }
  }
  return paths;
}

function mask(value: unknown, pointer: string, marks: Marks): unknown {
  const text = toText(value);
  const own = (marks.at.get(pointer) ?? []).filter(({ inKey }) => inKey !== true);
  if (text !== undefined) return own.length === 0 ? value : maskText(text, own);
  if (typeof value !== "object" || value === null || !marks.above.has(pointer)) return value;
  if (Array.isArray(value)) return value.map((item, index) => mask(item, `${pointer}/${index}`, marks));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const at = `${pointer}/${escapePointer(key)}`;
      return [maskKey(key, marks.at.get(at) ?? []), mask(member, at, marks)];
    }),
  );
}

function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || isRawNumber(value) ? JSON.stringify(value) : undefined;
}

/** A finding at a member may be in its key. */
function maskKey(key: string, findings: readonly SensitiveFinding[]): string {
  return maskText(key, findings.filter(({ inKey }) => inKey === true));
}

/** Replaces the spans of a text, which do not overlap. */
export function maskText(text: string, findings: readonly SensitiveFinding[]): string {
  let masked = "";
  let at = 0;
  for (const { kind, span: [from, to] } of [...findings].sort((a, b) => a.span[0] - b.span[0])) {
    if (from < at) continue;
    masked += `${text.slice(at, from)}[redacted:${kind}]`;
    at = to;
  }
  return masked + text.slice(at);
}
