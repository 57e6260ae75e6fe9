import { type ServerConfig, ServerConfigSchema, wireOf } from "../contracts/mod.ts";
import { featureProblems } from "./feature_rules.ts";
import { type ConfigPath, type ConfigProblem, type Locator, toPathText } from "./problems.ts";

const RESERVED_PROFILES: ReadonlySet<unknown> = new Set(["all", "code", "call", "p", "s"]);

type Report = (path: ConfigPath, message: string, remedy: string) => void;

/** What the rules look at: the value as the schema gets it. */
interface Ground {
  readonly value: Readonly<Record<string, unknown>>;
  readonly locator: Locator;
  readonly place: (path: ConfigPath) => ConfigPath;
}

/**
 * Finds what no single field's schema can see. Entries with mistakes of their
 * own are left to the schema, the others are looked at all the same.
 */
export function ruleProblems({ value, locator, place }: Ground): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report: Report = (path, message, remedy) =>
    problems.push({ path: toPathText(place(path)), ...locator.of(place(path)), message, remedy });
  const servers = listOf(value.mcpServers);
  for (const [index, first] of repeated(servers)) {
    const { line } = locator.of(place(["mcpServers", first, "name"]));
    report(
      ["mcpServers", index, "name"],
      `the name "${nameOf(servers[index])}" is taken by the server in line ${line}`,
      "Give one of the two another name",
    );
  }
  for (const [index, entry] of servers.entries()) {
    const { data } = ServerConfigSchema.safeParse(entry);
    if (data !== undefined) serverProblems(data, ["mcpServers", index], report);
  }
  profileProblems(listOf(value.profiles), report);
  for (const { path, message, remedy } of featureProblems(value)) report(path, message, remedy);
  return problems;
}

function serverProblems(server: ServerConfig, path: ConfigPath, report: Report): void {
  const wire = wireOf(server);
  if (server.command === undefined && server.url === undefined) {
    report(
      path,
      `server "${server.name}" has neither command nor url`,
      'Add "command" for a program or "url" for an HTTP server',
    );
  } else if (wire === "stdio" && server.command === undefined) {
    report(path, `server "${server.name}" has protocol stdio but no command`, 'Add "command"');
  } else if (wire !== "stdio" && server.url === undefined) {
    report(path, `server "${server.name}" has protocol ${wire} but no url`, 'Add "url"');
  }
  if (server.url !== undefined && !isHttpUrl(server.url)) {
    report([...path, "url"], "this is not an http or https URL", "Write it like https://example.com/mcp");
  }
  if (server.enabled_tools !== undefined && server.disabled_tools !== undefined) {
    report(
      [...path, "disabled_tools"],
      "enabled_tools and disabled_tools exclude each other",
      "Keep one of the two",
    );
  }
}

/** A URL with references is complete only once they are resolved. */
function isHttpUrl(text: string): boolean {
  if (text.includes("${")) return true;
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function profileProblems(profiles: readonly unknown[], report: Report): void {
  for (const [index, profile] of profiles.entries()) {
    const name = nameOf(profile);
    if (!RESERVED_PROFILES.has(name)) continue;
    report(["profiles", index, "name"], `the profile name "${name}" is reserved`, "Choose another name");
  }
  for (const [index] of repeated(profiles)) {
    const name = nameOf(profiles[index]);
    report(["profiles", index, "name"], `the profile name "${name}" is there twice`, "Choose another name");
  }
}

/** Indexes of entries whose name an earlier one has, each with that earlier one. */
function repeated(entries: readonly unknown[]): [number, number][] {
  const seen = new Map<string, number>();
  const found: [number, number][] = [];
  for (const [index, entry] of entries.entries()) {
    const name = nameOf(entry);
    if (name === undefined) continue;
    const first = seen.get(name);
    if (first === undefined) seen.set(name, index);
    else found.push([index, first]);
  }
  return found;
}

function nameOf(entry: unknown): string | undefined {
  if (typeof entry !== "object" || entry === null || !("name" in entry)) return undefined;
  return typeof entry.name === "string" ? entry.name : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
