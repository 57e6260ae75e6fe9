/**
 * Names of tools and prompts where they stand beside those of other servers:
 * `server__tool`, short enough for every client, never two alike, and with an
 * exact way back.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { ToolRef } from "../contracts/mod.ts";

/** Between server and tool. */
const SEPARATOR = "__";
/** Characters that every client takes in a name. */
const UNSAFE = /[^A-Za-z0-9_.-]/g;
/** The form of a shortened name; a name that has it by itself is shortened too, so that none can pass for another. */
const HASHED = /_[0-9a-f]{10}$/;
const SHORT_HASH = 10;
const LONG_HASH = 32;

/** Both directions of one set of names. */
export interface NameMap {
  readonly byName: ReadonlyMap<string, ToolRef>;
  /** The name of a tool; `undefined` for one that is not in the set. */
  nameOf(ref: ToolRef): string | undefined;
}

/**
 * Reads a name that needs no map: one that is exactly `server__tool`.
 *
 * @returns `undefined` if it has another form, or none at all.
 */
export function readPlainName(name: string, limit: number): ToolRef | undefined {
  const at = name.indexOf(SEPARATOR);
  if (at <= 0) return undefined;
  const ref = { server: name.slice(0, at), tool: name.slice(at + SEPARATOR.length) };
  return ref.tool !== "" && plainName(ref, limit) === name ? ref : undefined;
}

/** Names one tool, whatever others there are; two different tools have the same name only by a clash of hashes. */
export function nameFor(ref: ToolRef, limit: number): string {
  return plainName(ref, limit) ?? hashedName(ref, limit, SHORT_HASH);
}

/**
 * Names a set of tools, all differently.
 *
 * @param limit Longest name in characters; names are cut, never dropped.
 */
export function createNameMap(refs: Iterable<ToolRef>, limit: number): NameMap {
  const byName = new Map<string, ToolRef>();
  const names = new Map<string, string>();
  const clashing = new Map<string, ToolRef[]>();
  for (const ref of refs) {
    const name = nameFor(ref, limit);
    clashing.set(name, [...(clashing.get(name) ?? []), ref]);
  }
  for (const [name, group] of clashing) {
    for (const ref of group) {
      // Ten digits may be made to clash on purpose; thirty-two may not.
      const unique = group.length === 1 ? name : hashedName(ref, Math.max(limit, LONG_HASH + 2), LONG_HASH);
      byName.set(unique, ref);
      names.set(keyOf(ref), unique);
    }
  }
  return { byName, nameOf: (ref) => names.get(keyOf(ref)) };
}

function plainName({ server, tool }: ToolRef, limit: number): string | undefined {
  const name = `${server}${SEPARATOR}${tool}`;
  const isReversible = name.indexOf(SEPARATOR) === server.length;
  const isPlain = name.length <= limit && isReversible && name.search(UNSAFE) < 0 && !HASHED.test(name);
  return isPlain ? name : undefined;
}

function hashedName(ref: ToolRef, limit: number, digits: number): string {
  const hash = createHash("sha256").update(keyOf(ref)).digest("hex").slice(0, digits);
  const base = `${ref.server}${SEPARATOR}${ref.tool}`.replace(UNSAFE, "_");
  return `${base.slice(0, Math.max(1, limit - digits - 1))}_${hash}`;
}

function keyOf({ server, tool }: ToolRef): string {
  return JSON.stringify([server, tool]);
}
