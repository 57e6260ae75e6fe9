import { basename } from "node:path";
import {
  isServerName,
  type ServerConfig,
  type ServerConfigInput,
  ServerConfigSchema,
} from "../contracts/mod.ts";
import { isJsonObject } from "../config/mod.ts";
import type { ClientId } from "./known_clients.ts";
import type { ClientEntry, ClientFile } from "./read_client_file.ts";
import { toServer } from "./to_server.ts";

/** Why an entry is left out on purpose. */
export type SkipReason = "already_exists" | "filtered_out" | "invalid_name" | "name_clash" | "is_mcpproxy";

/** A server that can be taken over. */
export interface Importable {
  readonly server: ServerConfig;
  /** Its name in the client's file. */
  readonly originalName: string;
  readonly place: string | undefined;
  readonly fieldsSkipped: readonly string[];
  readonly warnings: readonly string[];
}

/** What an import would do. */
export interface ImportPlan {
  readonly client: ClientId;
  readonly servers: readonly Importable[];
  readonly skipped: readonly {
    readonly name: string;
    readonly reason: SkipReason;
    readonly detail: string;
  }[];
  readonly failed: readonly { readonly name: string; readonly error: string; readonly details: string }[];
}

/** How an import is to be done. */
export interface ImportOptions {
  /** Names in the client's file; all when absent. */
  readonly only?: readonly string[];
  /** New names by those in the client's file. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Names that are taken. */
  readonly taken: ReadonlySet<string>;
  readonly home: string;
  /** Tells whether a URL or a word of a command line is this gateway itself. */
  readonly isOwn: (text: string) => boolean;
}

type Found =
  | { readonly kind: "server"; readonly value: Importable }
  | { readonly kind: "skipped"; readonly value: ImportPlan["skipped"][number] }
  | { readonly kind: "failed"; readonly value: ImportPlan["failed"][number] };

/** Decides what becomes of each entry of a client's file. Pure. */
export function planImport({ client, entries }: ClientFile, options: ImportOptions): ImportPlan {
  const names = new Map<string, string>();
  const found = entries.map((entry): Found => {
    const outcome = decide(entry, client, options, names);
    if (outcome.kind === "server") names.set(outcome.value.server.name, entry.place ?? "the same file");
    return outcome;
  });
  const missing = (options.only ?? []).filter((name) => !entries.some((entry) => entry.name === name));
  return {
    client,
    servers: found.flatMap((one) => one.kind === "server" ? [one.value] : []),
    skipped: found.flatMap((one) => one.kind === "skipped" ? [one.value] : []),
    failed: [
      ...found.flatMap((one) => one.kind === "failed" ? [one.value] : []),
      ...missing.map((name) => ({
        name,
        error: "There is no server with this name in the file",
        details: entries.map((entry) => entry.name).join(", "),
      })),
    ],
  };
}

function decide(
  entry: ClientEntry,
  client: ClientId,
  options: ImportOptions,
  names: ReadonlyMap<string, string>,
): Found {
  const skip = (reason: SkipReason, detail: string): Found => ({
    kind: "skipped",
    value: { name: entry.name, reason, detail },
  });
  const fail = (error: string, details: string): Found => ({
    kind: "failed",
    value: { name: entry.name, error, details },
  });
  if (options.only !== undefined && !options.only.includes(entry.name)) {
    return skip("filtered_out", "It was not asked for");
  }
  if (!isJsonObject(entry.value)) return fail("The entry is no object", `found ${typeof entry.value}`);
  const name = options.rename?.[entry.name] ?? toServerName(entry.name);
  if (!isServerName(name)) return skip("invalid_name", "No name can be made of it; give one with a rename");
  const convert = { client, name, home: options.home, isOff: entry.isOff === true };
  const { server, fieldsSkipped, warnings } = toServer(entry.value, convert);
  if (isGateway(server, options)) return skip("is_mcpproxy", "It is this gateway itself");
  if (options.taken.has(name)) {
    return skip("already_exists", `There is a server "${name}"; give another name with a rename`);
  }
  const other = names.get(name);
  if (other !== undefined) return skip("name_clash", `"${name}" is taken by a server of ${other}`);
  const problem = problemOf(server);
  if (problem !== undefined) return fail(problem.error, problem.details);
  return {
    kind: "server",
    value: {
      server: ServerConfigSchema.parse(server),
      originalName: entry.name,
      place: entry.place,
      fieldsSkipped,
      warnings: name === entry.name || options.rename?.[entry.name] !== undefined
        ? warnings
        : [`Its name "${entry.name}" is written "${name}" here`, ...warnings],
    },
  };
}

/** Makes a name that is accepted of one that need not be. */
export function toServerName(text: string): string {
  return text.normalize("NFKD").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+|-+$/g, "").slice(0, 64);
}

/** A gateway that calls itself would never come to an end. */
function isGateway({ command, args = [], url }: ServerConfigInput, { isOwn }: ImportOptions): boolean {
  if (command !== undefined && /^mcpproxy(?:\.exe)?$/.test(basename(command.replaceAll("\\", "/")))) {
    return true;
  }
  return [url, ...args].some((text) => text !== undefined && isOwn(text));
}

function problemOf(
  server: ServerConfigInput,
): { readonly error: string; readonly details: string } | undefined {
  if (server.command === undefined && server.url === undefined) {
    return { error: "It has neither a command nor a URL", details: "The client runs it by means of its own" };
  }
  const { success, error } = ServerConfigSchema.safeParse(server);
  if (!success) {
    const [first] = error.issues;
    return { error: `"${first?.path.join(".")}": ${first?.message}`, details: "See the client's file" };
  }
  if (server.url === undefined || server.url.includes("${")) return undefined;
  const isHttp = /^https?:\/\//i.test(server.url) && URL.canParse(server.url);
  return isHttp
    ? undefined
    : { error: '"url" is not an http or https URL', details: "See the client's file" };
}

/** Writes the command that a server would run, as a person would type it. Pure. */
export function toCommandLine(command: string, args: readonly string[]): string {
  return [command, ...args].map(quoted).join(" ");
}

function quoted(word: string): string {
  return word !== "" && /^[\w@%+=:,./${}~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
