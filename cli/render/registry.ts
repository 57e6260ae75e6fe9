import type { ListedServerView, RegistryView } from "../../lib/contracts/mod.ts";
import { renderTable } from "./table.ts";
import { type Look, oneLine } from "./text.ts";

/** Writes the registries that can be searched. */
export function renderRegistries(registries: readonly RegistryView[], look: Look): string {
  const columns = [{ title: "ID" }, { title: "NAME", flexible: true }, { title: "FROM" }, {
    title: "ADDRESS",
    flexible: true,
  }];
  return renderTable(
    columns,
    registries.map(({ id, name, provenance, url }) => [oneLine(id), oneLine(name), provenance, oneLine(url)]),
    look,
  );
}

/** Writes servers of a registry: what each is, what it would run, and what it wants. Lines are not cut. */
export function renderListed(servers: readonly ListedServerView[]): string {
  return servers.map((server) => {
    const wants = server.inputs.map(({ name, required }) => `${name}${required ? "" : " (optional)"}`);
    const lines = [
      server.description,
      runsOf(server),
      wants.length === 0 ? "" : `wants ${wants.join(", ")}`,
      server.repository ?? "",
    ].filter((line) => line !== "");
    const version = server.version === undefined ? "" : ` ${server.version}`;
    return [oneLine(`${server.id}${version}`), ...lines.map((line) => `    ${oneLine(line)}`), ""].join("\n");
  }).join("");
}

function runsOf({ install }: ListedServerView): string {
  if (install === undefined) return "the registry does not say how to run it";
  if (install.command === undefined) return `at ${install.url ?? ""}`;
  return `runs ${[install.command, ...install.args ?? []].join(" ")}`;
}
