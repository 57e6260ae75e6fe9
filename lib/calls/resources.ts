/**
 * Which server a resource belongs to. URIs stay as servers gave them; only
 * where two servers use the same one, each gets a form of its own.
 *
 * @module
 */

import type { KnownOffer } from "./offers.ts";

/** A resource by the URI that its server knows. */
export interface ResourceRef {
  readonly server: string;
  readonly uri: string;
}

/** What is known for finding a resource. */
export interface ResourceFacts {
  readonly resources: readonly KnownOffer[];
  readonly templates: readonly KnownOffer[];
  /** URIs that tools name as their user interface. */
  readonly interfaces: readonly ResourceRef[];
  /** Servers in view that have resources. */
  readonly servers: readonly string[];
}

const SCHEME = "mcpproxy://";
/** Clients show what stands behind this scheme, so a form of our own must have it too. */
const UI_SCHEME = "ui://";
const OWN_UI = "ui://mcpproxy/";
const MAX_TEMPLATE = 2_000;

/** Writes the form that is unique among servers. */
export function toOwnUri({ server, uri }: ResourceRef): string {
  const prefix = uri.startsWith(UI_SCHEME) ? OWN_UI : SCHEME;
  return `${prefix}${server}/${encodeURIComponent(uri)}`;
}

/** Reads the form that is unique among servers; `undefined` for any other. */
export function readOwnUri(uri: string): ResourceRef | undefined {
  const prefix = [SCHEME, OWN_UI].find((one) => uri.startsWith(one));
  if (prefix === undefined) return undefined;
  const slash = uri.indexOf("/", prefix.length);
  if (slash < 0) return undefined;
  try {
    return { server: uri.slice(prefix.length, slash), uri: decodeURIComponent(uri.slice(slash + 1)) };
  } catch {
    return undefined;
  }
}

/** Gives every entry a URI of its own; entries are copied only where theirs is taken twice. */
export function withUniqueUris(
  entries: readonly KnownOffer[],
  field: "uri" | "uriTemplate",
): Readonly<Record<string, unknown>>[] {
  const owners = new Map<unknown, Set<string>>();
  for (const { server, offer } of entries) {
    owners.set(offer[field], (owners.get(offer[field]) ?? new Set()).add(server));
  }
  return entries.map(({ server, offer }) => {
    const uri = offer[field];
    if (typeof uri !== "string" || (owners.get(uri)?.size ?? 0) < 2) return offer;
    // A template keeps its braces: they are filled in by the client.
    const own = field === "uri" ? toOwnUri({ server, uri }) : `${SCHEME}${server}/${encodeTemplate(uri)}`;
    return { ...offer, [field]: own };
  });
}

function encodeTemplate(template: string): string {
  return template.split(/(\{[^{}]*\})/).map((part) => part.startsWith("{") ? part : encodeURIComponent(part))
    .join("");
}

/**
 * Finds the server of a resource: by its own form, by the lists, by the tools
 * that show it, by templates, and last because only one server has resources.
 *
 * @returns All servers it may belong to; one is an answer, none and several are not.
 */
export function locateResource(uri: string, facts: ResourceFacts): readonly ResourceRef[] {
  const own = readOwnUri(uri);
  if (own !== undefined && facts.servers.includes(own.server)) return [own];
  const listed = facts.resources.filter(({ offer }) => offer.uri === uri);
  const shown = unique(facts.interfaces.filter((one) => one.uri === uri));
  // A URI that is listed twice has a form of its own in lists; plain, it is the one that a tool names.
  if (listed.length > 1 && shown.length === 1) return shown;
  if (listed.length > 0) return listed.map(({ server }) => ({ server, uri }));
  if (shown.length > 0) return shown;
  const matching = facts.templates.filter(({ offer }) => matches(offer.uriTemplate, uri));
  if (matching.length > 0) return unique(matching.map(({ server }) => ({ server, uri })));
  return facts.servers.length === 1 ? facts.servers.map((server) => ({ server, uri })) : [];
}

function unique(refs: readonly ResourceRef[]): ResourceRef[] {
  return [...new Map(refs.map((ref) => [ref.server, ref])).values()];
}

/** Tells whether a URI may have come from a template; wide rather than narrow, and linear in its length. */
function matches(template: unknown, uri: string): boolean {
  if (typeof template !== "string" || template.length > MAX_TEMPLATE) return false;
  const fixed = template.split(/\{[^{}]*\}/);
  let at = 0;
  for (const [index, part] of fixed.entries()) {
    const found = index === 0 ? (uri.startsWith(part) ? 0 : -1) : uri.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  const last = fixed.at(-1) ?? "";
  return uri.endsWith(last) && at <= uri.length && (fixed.length > 1 || uri === template);
}
