import { escapePointer } from "../approval/diff.ts";
import type { SensitiveFinding } from "./detect.ts";

/**
 * Writes a value again with `[redacted:kind]` in the place of every secret.
 *
 * Pure: the value stays as it is, parts without a secret are shared. A key that
 * holds a secret is rewritten too.
 */
export function maskSensitive(value: unknown, findings: readonly SensitiveFinding[]): unknown {
  const byPointer = Map.groupBy(findings, ({ pointer }) => pointer);
  return byPointer.size === 0 ? value : mask(value, "", byPointer);
}

type Marks = ReadonlyMap<string, readonly SensitiveFinding[]>;

function mask(value: unknown, pointer: string, marks: Marks): unknown {
  if (typeof value === "string") return maskText(value, marks.get(pointer) ?? []);
  if (typeof value !== "object" || value === null) return value;
  if (![...marks.keys()].some((key) => key.startsWith(`${pointer}/`))) return value;
  if (Array.isArray(value)) return value.map((item, index) => mask(item, `${pointer}/${index}`, marks));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => {
      const at = `${pointer}/${escapePointer(key)}`;
      const own = marks.get(at) ?? [];
      if (typeof member === "string") return [maskKey(key, own), maskText(member, own.filter(fits(member)))];
      return [maskKey(key, own), mask(member, at, marks)];
    }),
  );
}

/** A finding at a member may be in its key; one that does not fit the key is in the value. */
function maskKey(key: string, findings: readonly SensitiveFinding[]): string {
  return maskText(key, findings.filter(({ inKey }) => inKey === true));
}

function fits(text: string) {
  return ({ span, inKey }: SensitiveFinding): boolean => inKey !== true && span[1] <= text.length;
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
