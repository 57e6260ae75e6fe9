/**
 * Who asks, and how far that goes.
 *
 * @module
 */

import { CALL_VARIANTS, type CallVariant, type ToolAnnotations } from "./tool.ts";
import type { Role } from "./verb.ts";

/** What a caller may do with tools, weakest first; the words of the call variants. */
export type Permission = CallVariant;

/** Every permission, weakest first. */
export const PERMISSIONS: readonly Permission[] = CALL_VARIANTS;

/**
 * How far a caller reaches who is not let in everywhere. What is outside does
 * not exist for it: it is neither listed nor found, nor heard of in events.
 */
export interface CallerScope {
  /** Name of the agent token. */
  readonly token: string;
  /** First characters of the token, by which a person recognises it. */
  readonly prefix: string;
  /** Names of servers as the token states them; `*` stands for all. */
  readonly servers: readonly string[];
  readonly permissions: readonly Permission[];
  /** The only profile there is for the caller; `undefined` if it may choose. */
  readonly profile: string | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** Tells whether a server exists for the caller: by its servers and by its profile. */
  includes(server: string): boolean;
  /** Tells whether a tool with these annotations exists for the caller; missing hints count as destructive. */
  permits(annotations: ToolAnnotations | undefined): boolean;
  /** Calls that the token may have in flight at once; more wait in a queue. */
  readonly maxConcurrent: number;
  /** Aborted when the scope ends: its token was revoked, changed or has expired. Long answers end with it. */
  readonly ended: AbortSignal;
}

/** Who asks, when the surface knows. */
export interface Caller {
  readonly role: Role;
  /** Name of the surface, or `token:NAME`; two callers with one label are the same. */
  readonly label: string;
  readonly surface: "mcp" | "http" | "cli" | "ui" | "library";
  /** Absent for callers who reach everything that their role allows. */
  readonly scope?: CallerScope;
  /** Where it connects from, if that is known; it decides nothing but whose turn it is. */
  readonly address?: string;
  /** Aborted when the key by which it came is good no more; for those with a scope that says so itself. */
  readonly ended?: AbortSignal;
}

/** Aborted when the right of a caller ends; `undefined` for those whose right does not. Long answers end with it. */
export function endOf({ scope, ended }: Caller): AbortSignal | undefined {
  return scope?.ended ?? ended;
}

/**
 * The permission that a call of a tool takes, judged by what the tool says of
 * itself. A tool that does not say it is harmless is not.
 */
export function permissionFor(annotations: ToolAnnotations | undefined): Permission {
  if (annotations?.destructiveHint === true) return "destructive";
  if (annotations?.readOnlyHint === true) return "read";
  return annotations?.destructiveHint === false ? "write" : "destructive";
}
