import { resolve } from "node:path";
import { GatewayError, parseJson } from "../lib/contracts/quick.ts";
import type { ScanSubject } from "../lib/security/mod.ts";
import { findMistake, type JsonPath, lineAndColumn, offsetOf } from "./json_position.ts";
import type { Session } from "./session.ts";

/** Largest file that is read, in UTF-16 units. */
const MAX_FILE = 128 * 1024 * 1024;
const REMEDY =
  'Give the answer of tools/list: {"tools": [{"name": …, "description": …, "inputSchema": {…}}]}';

/** Members of a definition as MCP has them; a dump may carry notes of whoever made it beside them. */
const MEMBERS = {
  tool: [
    "name",
    "title",
    "description",
    "inputSchema",
    "outputSchema",
    "annotations",
    "icons",
    "_meta",
    "execution",
  ],
  prompt: ["name", "title", "description", "arguments", "icons", "_meta"],
  resource: ["uri", "name", "title", "description", "mimeType", "annotations", "icons", "size", "_meta"],
  resource_template: [
    "uriTemplate",
    "name",
    "title",
    "description",
    "mimeType",
    "annotations",
    "icons",
    "_meta",
  ],
} as const;

const LISTS = [
  ["tools", "tool"],
  ["prompts", "prompt"],
  ["resources", "resource"],
  ["resourceTemplates", "resource_template"],
] as const;

/**
 * Reads a file for a command; `-` is standard input.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT — the file is missing, is none, or is too big.
 */
export async function readInput(path: string, { platform, terminal }: Session): Promise<string> {
  const refuse = (problem: string, cause?: unknown) =>
    new GatewayError("MCPX_INVALID_INPUT", `Cannot read "${path}": ${problem}`, {
      remedy: "Name a file that exists, or - for standard input",
      cause,
    });
  if (path === "-") return await terminal.readAll();
  const text = await platform.files.readText(resolve(platform.machine.cwd, path)).catch((error) => {
    throw refuse("it is not a file that can be read", error);
  });
  if (text === undefined) throw refuse("there is no such file");
  if (text.length > MAX_FILE) throw refuse(`it has ${text.length} characters, wanted at most ${MAX_FILE}`);
  return text;
}

/**
 * Reads a dump of definitions: a list of tools, the answer of `tools/list` with
 * or without its envelope, or several such answers in a list. Prompts,
 * resources, templates and instructions beside the tools are read too.
 *
 * @param path Names the file in errors.
 * @returns Definitions in the order of the file.
 * @throws {GatewayError} MCPX_INVALID_INPUT — with line and column.
 */
export function readDump(text: string, path: string): ScanSubject[] {
  const json = text.replace(/^\ufeff/, "");
  const source = { json, path };
  const value = parse(source);
  if (Array.isArray(value)) return value.flatMap((item, index) => readItem(item, [index], source));
  return readAnswer(value, [], source);
}

interface Source {
  readonly json: string;
  readonly path: string;
}

type Members = Readonly<Record<string, unknown>>;

function parse(source: Source): unknown {
  try {
    return parseJson(source.json);
  } catch (cause) {
    const mistake = findMistake(source.json);
    const { offset, problem } = mistake ?? { offset: 0, problem: "it nests too deep" };
    throw refuse(source, offset, problem, cause);
  }
}

function refuse({ json, path }: Source, offset: number, problem: string, cause?: unknown): GatewayError {
  const { line, column } = lineAndColumn(json, offset);
  return new GatewayError("MCPX_INVALID_INPUT", `Cannot read "${path}" at ${line}:${column}: ${problem}`, {
    remedy: REMEDY,
    details: { line, column },
    cause,
  });
}

function refuseAt(source: Source, at: JsonPath, problem: string): GatewayError {
  return refuse(source, offsetOf(source.json, at), problem);
}

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An item of a list is a tool, or what one server answered. */
function readItem(item: unknown, at: JsonPath, source: Source): ScanSubject[] {
  if (isObject(item) && item.inputSchema === undefined && Array.isArray(item.tools)) {
    return readAnswer(item, at, source);
  }
  return [readOne(item, { at, source, kind: "tool" })];
}

function readAnswer(value: unknown, at: JsonPath, source: Source): ScanSubject[] {
  if (!isObject(value)) throw refuseAt(source, at, `found ${nameOf(value)}, wanted a list of tools`);
  if (isObject(value.result) && value.tools === undefined) {
    return readAnswer(value.result, [...at, "result"], source);
  }
  const known = LISTS.filter(([key]) => value[key] !== undefined);
  if (known.length === 0 && typeof value.instructions !== "string") {
    throw refuseAt(source, at, 'found an object without "tools", wanted the answer of tools/list');
  }
  const server = serverOf(value);
  const listed = known.flatMap(([key, kind]) => {
    const list = value[key];
    const place = [...at, key];
    if (!Array.isArray(list)) throw refuseAt(source, place, `found ${nameOf(list)}, wanted a list`);
    return list.map((item, index) => readOne(item, { at: [...place, index], source, kind, server }));
  });
  if (typeof value.instructions !== "string") return listed;
  return [...listed, { kind: "instructions", ...named(server), definition: { text: value.instructions } }];
}

function serverOf({ server, serverInfo }: Members): string | undefined {
  if (typeof server === "string") return server;
  return isObject(serverInfo) && typeof serverInfo.name === "string" ? serverInfo.name : undefined;
}

function named(server: string | undefined): { readonly server?: string } {
  return server === undefined ? {} : { server };
}

interface Item {
  readonly at: JsonPath;
  readonly source: Source;
  readonly kind: keyof typeof MEMBERS;
  readonly server?: string;
}

function readOne(item: unknown, { at, source, kind, server }: Item): ScanSubject {
  const what = kind.replace("_", " ");
  if (!isObject(item)) throw refuseAt(source, at, `found ${nameOf(item)}, wanted a ${what}`);
  const key = kind === "resource" ? "uri" : kind === "resource_template" ? "uriTemplate" : "name";
  if (typeof item[key] !== "string") {
    throw refuseAt(source, at, `found a ${what} without "${key}", wanted one with a text there`);
  }
  const members = MEMBERS[kind].filter((member) => Object.hasOwn(item, member)).map((
    member,
  ) => [member, item[member]]);
  const own = typeof item.server === "string" ? item.server : server;
  return { kind, ...named(own), definition: Object.fromEntries(members) };
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
