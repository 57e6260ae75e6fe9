import { GatewayError, type ToolDefinition } from "../contracts/mod.ts";
import type { Rpc } from "./rpc.ts";

/** Bounds of one list. */
export interface ListLimits {
  /** Of the message that holds one page. */
  readonly maxMessageBytes: number;
  readonly maxPages: number;
  readonly maxTools: number;
  readonly maxListBytes: number;
}

/** What a list is made with. */
export interface ListOptions {
  readonly name: string;
  readonly limits: ListLimits;
  readonly signal: AbortSignal | undefined;
  /** Gets a line for each entry that had to be left out. */
  readonly onNote: (line: string) => void;
}

/** What a server lists besides tools. */
export type OfferKind = "prompts" | "resources" | "resourceTemplates";

/** One entry of a list, exactly as its server sent it. */
export type Offer = Readonly<Record<string, unknown>>;

interface Kind {
  readonly method: string;
  readonly key: string;
  /** What it is called in words. */
  readonly word: string;
  readonly idOf: (entry: unknown) => string | undefined;
}

const TOOLS: Kind = {
  method: "tools/list",
  key: "tools",
  word: "tool",
  idOf: (entry) => isTool(entry) ? entry.name : undefined,
};

const OFFERS: Readonly<Record<OfferKind, Kind>> = {
  prompts: { method: "prompts/list", key: "prompts", word: "prompt", idOf: textAt("name") },
  resources: { method: "resources/list", key: "resources", word: "resource", idOf: textAt("uri") },
  resourceTemplates: {
    method: "resources/templates/list",
    key: "resourceTemplates",
    word: "resource template",
    idOf: textAt("uriTemplate"),
  },
};

/**
 * Lists all tools, page by page. A tool without name or input schema is left
 * out with a note; it does not take the others with it.
 *
 * @throws {GatewayError} MCPX_UPSTREAM_PROTOCOL if the list has no end or no list in it.
 */
export async function listAllTools(rpc: Rpc, options: ListOptions): Promise<ToolDefinition[]> {
  return await listAll(rpc, TOOLS, options) as ToolDefinition[]; // only what isTool() took
}

/**
 * Lists all entries of another kind; the same rules hold.
 *
 * @throws {GatewayError} MCPX_UPSTREAM_PROTOCOL, likewise.
 */
export function listAllOffers(rpc: Rpc, kind: OfferKind, options: ListOptions): Promise<Offer[]> {
  return listAll(rpc, OFFERS[kind], options);
}

async function listAll(rpc: Rpc, { method, key, word, idOf }: Kind, options: ListOptions): Promise<Offer[]> {
  const { name, limits, signal } = options;
  const entries = new Map<string, Offer>();
  const cursors = new Set<string>();
  const pages: (readonly unknown[])[] = [];
  let cursor: string | undefined;
  const broken = (what: string) =>
    new GatewayError("MCPX_UPSTREAM_PROTOCOL", `Cannot list ${word}s of server "${name}": ${what}`);
  do {
    const page = await rpc.request(method, cursor === undefined ? {} : { cursor }, { signal });
    const { [key]: listed, nextCursor } = (page ?? {}) as Record<string, unknown>; // read field by field below
    if (!Array.isArray(listed)) throw broken(`its ${word} list is not a list`);
    for (const entry of listed) {
      const id = idOf(entry);
      // Two entries of one name cannot be told apart; the first stays.
      if (id !== undefined && !entries.has(id)) entries.set(id, entry);
      else {options.onNote(
          `[mcpproxy] left out a ${word} of the list: ${JSON.stringify(entry)?.slice(0, 200)}`,
        );}
    }
    pages.push(listed);
    cursor = typeof nextCursor === "string" && nextCursor !== "" ? nextCursor : undefined;
    if (cursor !== undefined && cursors.has(cursor)) throw broken(`its ${word} list goes round in circles`);
    if (cursor !== undefined) cursors.add(cursor);
    if (entries.size > limits.maxTools) throw broken(`it lists more than ${limits.maxTools} ${word}s`);
    if (isOver(pages, limits)) throw broken(`its ${word} list is over ${limits.maxListBytes} bytes`);
    if (cursors.size >= limits.maxPages) {
      throw broken(`its ${word} list has more than ${limits.maxPages} pages`);
    }
  } while (cursor !== undefined);
  return [...entries.values()];
}

/** Writing a page again to measure it takes as long as reading it: most lists are too short for that to be asked. */
function isOver(
  pages: readonly (readonly unknown[])[],
  { maxMessageBytes, maxListBytes }: ListLimits,
): boolean {
  if (pages.length * maxMessageBytes <= maxListBytes) return false;
  return pages.reduce((sum, page) => sum + sizeOf(page), 0) > maxListBytes;
}

const SIZES = new WeakMap<readonly unknown[], number>();

function sizeOf(page: readonly unknown[]): number {
  const size = SIZES.get(page) ?? JSON.stringify(page).length;
  SIZES.set(page, size);
  return size;
}

function textAt(field: string): (entry: unknown) => string | undefined {
  return (entry) => {
    if (typeof entry !== "object" || entry === null) return undefined;
    const text = (entry as Offer)[field]; // just shown to be an object
    return typeof text === "string" && text !== "" ? text : undefined;
  };
}

/** Whatever has another shape than the protocol says could mislead each place that reads it. */
function isTool(value: unknown): value is ToolDefinition {
  if (!isObject(value)) return false;
  const { name, title, description, inputSchema, outputSchema, annotations } = value;
  const isNamed = typeof name === "string" && name.length > 0 && name.length <= 256;
  const isText = (text: unknown) => text === undefined || typeof text === "string";
  const isAbsentOrObject = (part: unknown) => part === undefined || isObject(part);
  return isNamed && isText(title) && isText(description) && isObject(inputSchema) &&
    isAbsentOrObject(outputSchema) && isAbsentOrObject(annotations);
}

function isObject(value: unknown): value is Offer {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
