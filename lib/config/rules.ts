import { type Config, type ServerConfig, wireOf } from "../contracts/mod.ts";
import { type ConfigPath, type ConfigProblem, type Locator, toPathText } from "./problems.ts";

const RESERVED_PROFILES = new Set(["all", "code", "call", "p", "s"]);

type Report = (path: ConfigPath, message: string, remedy: string) => void;

/** Finds what no single field's schema can see. */
export function ruleProblems(
  config: Config,
  locator: Locator,
  place: (path: ConfigPath) => ConfigPath,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report: Report = (path, message, remedy) =>
    problems.push({ path: toPathText(place(path)), ...locator.of(place(path)), message, remedy });
  const seen = new Map<string, number>();
  for (const [index, server] of config.mcpServers.entries()) {
    const first = seen.get(server.name);
    if (first !== undefined) {
      const { line } = locator.of(place(["mcpServers", first, "name"]));
      report(
        ["mcpServers", index, "name"],
        `the name "${server.name}" is taken by the server in line ${line}`,
        "Give one of the two another name",
      );
    } else seen.set(server.name, index);
    serverProblems(server, ["mcpServers", index], report);
  }
  profileProblems(config, report);
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

function profileProblems({ profiles }: Config, report: Report): void {
  const seen = new Set<string>();
  for (const [index, { name }] of profiles.entries()) {
    const path = ["profiles", index, "name"];
    if (RESERVED_PROFILES.has(name)) {
      report(path, `the profile name "${name}" is reserved`, "Choose another name");
    }
    if (seen.has(name)) report(path, `the profile name "${name}" is there twice`, "Choose another name");
    seen.add(name);
  }
}
