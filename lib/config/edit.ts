import { applyEdits, findNodeAtLocation, type JSONPath, modify, type Node, parseTree } from "jsonc-parser";
import { didYouMean, GatewayError, type ServerConfigInput } from "../contracts/mod.ts";

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

const MAPS = new Set(["env", "headers"]);

/** Keys under which other clients say the same; a changed key must not leave them to contradict it. */
const ALIASES: Readonly<Record<string, string>> = { enabled: "disabled", protocol: "type" };

/**
 * Applies edits to a config text. Comments, order and indentation of all that
 * is not touched stay. Pure.
 *
 * @throws {GatewayError} MCPX_SERVER_EXISTS or MCPX_SERVER_NOT_FOUND.
 */
export function editConfig(text: string, edits: readonly ConfigEdit[]): string {
  const start = text.trim() === "" ? "{}\n" : text;
  return edits.reduce(applyOne, start);
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
  if (find(text, server.name) !== undefined) {
    throw new GatewayError(
      "MCPX_SERVER_EXISTS",
      `Cannot add server "${server.name}": a server with this name exists`,
      {
        remedy: `Choose another name, or remove the old one: mcpproxy upstream remove ${server.name}`,
        details: { server: server.name },
      },
    );
  }
  const servers = serversOf(text);
  if (servers?.type === "object") {
    const { name, ...entry } = server;
    return set(text, ["mcpServers", name], entry);
  }
  if (servers === undefined) return set(text, ["mcpServers"], [server]);
  return insert(text, ["mcpServers", servers.children?.length ?? 0], server);
}

function updateServer(text: string, name: string, patch: Readonly<Record<string, unknown>>): string {
  let edited = text;
  for (const [key, value] of Object.entries(patch)) {
    const path = [...placeOf(edited, name), key];
    edited = MAPS.has(key) && isRecord(value)
      ? mergeMap(edited, path, value)
      : set(edited, path, value ?? undefined);
    const alias = ALIASES[key];
    if (alias !== undefined) edited = set(edited, [...placeOf(edited, name), alias], undefined);
  }
  return edited;
}

function mergeMap(text: string, path: JSONPath, values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values).reduce(
    (edited, [key, value]) => set(edited, [...path, key], value ?? undefined),
    text,
  );
}

function set(text: string, path: JSONPath, value: unknown): string {
  if (value === undefined && nodeAt(text, path) === undefined) return text;
  return applyEdits(text, modify(text, path, value, { formattingOptions: formatOf(text) }));
}

function insert(text: string, path: JSONPath, value: unknown): string {
  return applyEdits(
    text,
    modify(text, path, value, { formattingOptions: formatOf(text), isArrayInsertion: true }),
  );
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

function find(text: string, name: string): JSONPath | undefined {
  const servers = serversOf(text);
  const index = names(servers).indexOf(name);
  if (index < 0) return undefined;
  return servers?.type === "object" ? ["mcpServers", name] : ["mcpServers", index];
}

function placeOf(text: string, name: string): JSONPath {
  const path = find(text, name);
  if (path !== undefined) return path;
  const hint = didYouMean(name, names(serversOf(text)));
  throw new GatewayError(
    "MCPX_SERVER_NOT_FOUND",
    `Cannot find server "${name}": the config has no such server${hint}`,
    {
      details: { server: name },
    },
  );
}

/** Takes over the indentation that the file has. */
function formatOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? "  ";
  return {
    insertSpaces: !indent.startsWith("\t"),
    tabSize: indent.startsWith("\t") ? 4 : indent.length,
    eol: text.includes("\r\n") ? "\r\n" : "\n",
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
