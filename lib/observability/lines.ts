/**
 * How events look as lines, for people and for machines, and how the lines of
 * a server's log are read back. One event is one line, whatever it contains.
 *
 * @module
 */

import type { LogLine } from "../contracts/mod.ts";
import type { Plain } from "./fields.ts";
import { isLogLevel, type LogLevel } from "./level.ts";

/** An event, plain and redacted. */
export interface LogEvent {
  readonly at: number;
  readonly level: LogLevel;
  readonly room: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, Plain>>;
}

/**
 * What a terminal might obey or hide: control and format characters (bidi
 * marks, zero-width ones), line separators, half a surrogate pair.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
/** Most texts are, and need no closer look. */
const SEEN = /^[\x20-\x7e]*$/;
const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
/** Colours and other looks of text; servers send plenty of them to stderr. */
// deno-lint-ignore no-control-regex
const LOOKS = /\u001b\[[0-9;:]*m/g;
const BARE = /^[^\s"=\\{}[\]]+$/;
const SERVER_LINE = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([a-z]+) (.*)$/s;

/** Replaces characters that cannot be seen by visible escapes. */
export function toVisible(text: string): string {
  if (SEEN.test(text)) return text;
  return text.replace(UNSEEN, (character) => NAMED[character] ?? toEscape(character));
}

/** Takes away colours, so that nothing but text is left to look at. */
export function withoutLooks(text: string): string {
  return text.replace(LOOKS, "");
}

/** A line for people, without its line break. */
export function toHumanLine({ at, level, room, message, fields }: LogEvent): string {
  const shown = Object.entries(fields).map(([key, value]) => ` ${toVisible(key)}=${toHumanValue(value)}`);
  return `${toTimestamp(at)} ${level.toUpperCase().padEnd(5)} ${room}: ${toVisible(message)}${
    shown.join("")
  }`;
}

/** A line for machines: one JSON object, without its line break. */
export function toJsonLine({ at, level, room, message, fields }: LogEvent): string {
  return toVisibleJson({ timestamp: toTimestamp(at), level, room, message, fields });
}

/** A line of a server's log, without its line break. */
export function toServerLine(at: number, level: LogLevel, message: string): string {
  return `${toTimestamp(at)} ${level} ${toVisible(message)}`;
}

/** Reads a line of a server's log; what another program wrote there counts as `info` without a time. */
export function parseServerLine(server: string, line: string): LogLine {
  const [, timestamp, level, message] = SERVER_LINE.exec(line) ?? [];
  if (timestamp === undefined || level === undefined || message === undefined || !isLogLevel(level)) {
    return { timestamp: "", level: "info", message: toVisible(line), server };
  }
  return { timestamp, level, message: toVisible(message), server };
}

let secondAt = NaN;
let second = "";

/** Lines come many to a second, and a date is dear to write. */
function toTimestamp(at: number): string {
  const from = Math.floor(at / 1_000) * 1_000;
  if (from !== secondAt) [secondAt, second] = [from, new Date(from).toISOString().slice(0, -4)];
  return `${second}${String(Math.floor(at) - from).padStart(3, "0")}Z`;
}

function toHumanValue(value: Plain): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return toVisibleJson(value);
  return BARE.test(value) ? toVisible(value) : toVisibleJson(value);
}

/** JSON escapes only the oldest control characters; the others stand in strings alone, so escaping is safe. */
function toVisibleJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (SEEN.test(text)) return text;
  return text.replace(UNSEEN, (character) =>
    Array.from(
      { length: character.length },
      (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`,
    ).join(""));
}

function toEscape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
