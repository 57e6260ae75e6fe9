import { findNodeAtLocation, type JSONPath, type Node, parseTree } from "jsonc-parser";
import { didYouMean, GatewayError, type ServerConfigInput } from "../contracts/mod.ts";
import { appendChild, removeChild, renameKey, replaceValue } from "./jsonc_text.ts";
import { ALIASES } from "./normalize.ts";
import { withoutMark } from "./mark.ts";
import { toPathText } from "./problems.ts";

/** One change of the config file. */
export type ConfigEdit =
  | { readonly kind: "server.add"; readonly server: ServerConfigInput }
  /** `null` clears a key; in `env` and `headers` it clears one entry. */
  | {
    readonly kind: "server.update";
    readonly name: string;
    readonly patch: Readonly<Record<string, unknown>>;
  }
  | { readonly kind: "server.remove"; readonly name: string }
  /** `undefined` removes. */
  | { readonly kind: "set"; readonly path: readonly (string | number)[]; readonly value: unknown };

const MAPS: ReadonlySet<string> = new Set(["env", "headers"]);

/**
 * Applies edits to a config text, one after the other. Comments, order and
 * layout of all that is not touched stay. Pure.
 *
 * @param text Valid JSON with comments; an empty one counts as `{}`.
 * @throws {GatewayError} MCPX_SERVER_EXISTS, MCPX_SERVER_NOT_FOUND; MCPX_CONFIG_INVALID — a path leads through
 * something that is no object or list.
 */
export function editConfig(text: string, edits: readonly ConfigEdit[]): string {
  const clean = withoutMark(text);
  const mark = text.slice(0, text.length - clean.length);
  const start = tree(clean) === undefined
    ? `${clean}${clean === "" || clean.endsWith("\n") ? "" : "\n"}{\n}\n`
    : clean;
  return mark + edits.reduce(applyOne, start);
}

function applyOne(text: string, edit: ConfigEdit): string {
  switch (edit.kind) {
    case "set":
      return set(text, [...edit.path], edit.value);
    case "server.add":
      return addServer(text, edit.server);
    case "server.update":
      return updateServer(text, edit.name, edit.patch);
    case "server.remove":
      return set(text, placeOf(text, edit.name), undefined);
    default:
      return edit satisfies never;
  }
}

function addServer(text: string, server: ServerConfigInput): string {
  const servers = serversOf(text);
  const existing = names(servers);
  if (existing.includes(server.name)) {
    throw new GatewayError(
      "MCPX_SERVER_EXISTS",
      `Cannot add server "${server.name}": a server with this name exists`,
      {
        remedy: `Choose another name, or remove the old one: mcpproxy upstream remove ${server.name}`,
        details: { server: server.name },
      },
    );
  }
  if (servers?.type !== "object") return set(text, ["mcpServers", existing.length], server);
  const { name, ...entry } = server;
  return set(text, ["mcpServers", name], entry);
}

function updateServer(text: string, name: string, patch: Readonly<Record<string, unknown>>): string {
  let edited = text;
  let current = name;
  placeOf(text, name); // an empty patch of a server that is not there fails too
  for (const [key, value] of Object.entries(patch)) {
    const place = placeOf(edited, current);
    if (key === "name" && typeof value === "string") {
      edited = rename(edited, place, value);
      current = value;
    } else edited = updateField(edited, [...place, key], value);
  }
  return edited;
}

function updateField(text: string, path: JSONPath, value: unknown): string {
  const key = String(path.at(-1));
  const alias = ALIASES.get(key);
  // Another client's word for the same must not be left to contradict it.
  const edited = alias === undefined ? text : set(text, [...path.slice(0, -1), alias], undefined);
  if (!MAPS.has(key) || !isRecord(value)) return set(edited, path, value ?? undefined);
  // What goes goes last, so that a map in one line is never empty in between and stays in one line.
  const entries = Object.entries(value).toSorted(([, a], [, b]) => Number(a === null) - Number(b === null));
  return entries.reduce((merged, [name, one]) => set(merged, [...path, name], one ?? undefined), edited);
}

function rename(text: string, place: JSONPath, name: string): string {
  const entry = nodeAt(text, place);
  if (entry?.parent?.type === "property") return renameKey(text, entry.parent, name);
  return set(text, [...place, "name"], name);
}

/** Sets the value at a path, making what is missing on the way; `undefined` removes it. */
function set(text: string, path: JSONPath, value: unknown): string {
  const existing = nodeAt(text, path);
  if (value === undefined) return existing === undefined ? text : remove(text, existing);
  if (existing !== undefined) return replaceValue(text, existing, value);
  let length = path.length - 1;
  while (length > 0 && nodeAt(text, path.slice(0, length)) === undefined) length--;
  const container = nodeAt(text, path.slice(0, length));
  const key = path[length];
  const wanted = typeof key === "number" ? "array" : "object";
  if (container?.type !== wanted) {
    const where = toPathText(path.slice(0, length));
    throw new GatewayError(
      "MCPX_CONFIG_INVALID",
      `Cannot set "${toPathText(path)}": "${where}" is ${container?.type ?? "nothing"}, wanted ${wanted}`,
      { remedy: `Correct "${where}" first`, details: { path: toPathText(path) } },
    );
  }
  const inner = path.slice(length + 1).reduceRight<unknown>(
    (built, part) => (typeof part === "number" ? [built] : { [part]: built }),
    value,
  );
  return appendChild(text, container, { key: typeof key === "string" ? key : undefined, value: inner });
}

function remove(text: string, node: Node): string {
  const child = node.parent?.type === "property" ? node.parent : node;
  const container = child.parent;
  if (container?.children === undefined) return text;
  return removeChild(text, container, container.children.indexOf(child));
}

function nodeAt(text: string, path: JSONPath): Node | undefined {
  const root = tree(text);
  return root === undefined ? undefined : findNodeAtLocation(root, path);
}

function tree(text: string): Node | undefined {
  return parseTree(text, [], { allowTrailingComma: true });
}

function serversOf(text: string): Node | undefined {
  return nodeAt(text, ["mcpServers"]);
}

function names(servers: Node | undefined): string[] {
  return (servers?.children ?? []).map((child) =>
    servers?.type === "object"
      ? String(child.children?.[0]?.value)
      : String(findNodeAtLocation(child, ["name"])?.value)
  );
}

function placeOf(text: string, name: string): JSONPath {
  const servers = serversOf(text);
  const known = names(servers);
  const index = known.indexOf(name);
  if (index >= 0) return ["mcpServers", servers?.type === "object" ? name : index];
  throw new GatewayError(
    "MCPX_SERVER_NOT_FOUND",
    `Cannot find server "${name}": the config has no such server${didYouMean(name, known)}`,
    { details: { server: name } },
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
