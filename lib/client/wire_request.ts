import type { ActivityExport, VerbMethod, VerbName } from "../contracts/mod.ts";
import {
  type ErrorCode,
  GatewayError,
  isErrorCode,
  VERB_ROUTES,
  type VerbRoute,
} from "../contracts/quick.ts";

/** One verb as it travels; `path` is below the daemon's origin. */
export interface WireRequest {
  readonly method: VerbMethod;
  readonly path: string;
  /** JSON text; absent for GET and DELETE. */
  readonly body?: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Path below which every verb lives. */
const BASE = "/api/v1";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Writes a verb as an HTTP request.
 *
 * Pure. Fields named in the verb's path go there; the others become the query
 * of a GET or DELETE and the JSON body otherwise, unless the verb says which
 * field is the body; `if_match` travels as a header.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT — a field of the path is missing or empty.
 * @throws {GatewayError} MCPX_SERVER_NOT_FOUND — a name that no URL can carry.
 */
export function toWireRequest(verb: VerbName, input: Fields): WireRequest {
  const { method, body, etag } = VERB_ROUTES[verb];
  const template = templateOf(verb, input);
  const rest: Record<string, unknown> = { ...input };
  const path = BASE + template.replaceAll(/\{(\w+)\}/g, (_, field: string) => {
    delete rest[field];
    return toSegment(verb, field, input[field]);
  });
  if (method === "GET" || method === "DELETE") return { method, path: path + toQuery(rest) };
  if (body === undefined) return { method, path, body: JSON.stringify(rest) };
  const headers = etag && typeof input.if_match === "string"
    ? { "If-Match": toTag(input.if_match) }
    : undefined;
  return { method, path, body: toBody(body, input), headers };
}

/** Where an export of activity is found; it is a stream and no verb. */
export function toExportPath(input: ActivityExport): string {
  return `${BASE}/activity/export${toQuery({ ...input })}`;
}

/** A text goes as it is, so that places in it are those of whoever wrote it. */
function toBody({ field, as }: NonNullable<VerbRoute["body"]>, input: Fields): string {
  const value = input[field];
  if (as === "json") return JSON.stringify(value);
  if (typeof value === "string") return value;
  return input.config === undefined ? "" : JSON.stringify(input.config, undefined, 2);
}

/** A header has its tags in quotes; people copy the bare hash. */
function toTag(ifMatch: string): string {
  return /["*]/.test(ifMatch) ? ifMatch : `"${ifMatch}"`;
}

/** A name that no path can carry goes beside it, where the verb has a route for that. */
function templateOf(verb: VerbName, input: Fields): string {
  const { path, shorter } = VERB_ROUTES[verb];
  const isOdd = [...path.matchAll(/\{(\w+)\}/g)].some(([, field = ""]) =>
    isDots(input[field]) && shorter?.includes(`{${field}}`) === false
  );
  return isOdd && shorter !== undefined ? shorter : path;
}

/** A URL drops dot segments even when they are percent-encoded, so these two would reach another route. */
function isDots(value: unknown): boolean {
  return value === "." || value === "..";
}

function toSegment(verb: VerbName, field: string, value: unknown): string {
  if (typeof value !== "string" || value === "") {
    throw new GatewayError(
      "MCPX_INVALID_INPUT",
      `Cannot ask for "${verb}": "${field}" is empty, wanted a name`,
    );
  }
  // Half a character has no form in a URL at all.
  if (isDots(value) || !value.isWellFormed()) {
    throw new GatewayError(
      notFoundCode(verb),
      `Cannot carry out "${verb}": nothing has the name "${value.toWellFormed()}"`,
    );
  }
  return encodeURIComponent(value);
}

/** The code by which a daemon says that there is no such thing, by the kind of thing that the path is of. */
function notFoundCode(verb: VerbName): ErrorCode {
  const kind = VERB_ROUTES[verb].path.split("/")[1]?.replace(/ies$/, "y").replace(/s$/, "").toUpperCase() ??
    "";
  // Calls go by the ids of their records.
  const noun = kind === "TOOL-CALL" ? "ACTIVITY" : kind;
  const code = `MCPX_${noun}_NOT_FOUND`;
  return isErrorCode(code) ? code : "MCPX_INVALID_INPUT";
}

function toQuery(fields: Fields): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined) query.set(key, String(value));
  }
  return query.size === 0 ? "" : `?${query}`;
}
