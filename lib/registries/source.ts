import type { Config } from "../contracts/mod.ts";

/** How a registry is asked, and what it answers. */
export const REGISTRY_PROTOCOLS = ["modelcontextprotocol/registry", "file", "builtin/reference"] as const;

/** See {@link REGISTRY_PROTOCOLS}. */
export type RegistryProtocol = typeof REGISTRY_PROTOCOLS[number];

/** Where server listings come from. */
export interface RegistrySource {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly protocol: RegistryProtocol;
  /** Address of the listing, or path of a file; empty for the built-in one. */
  readonly serversUrl: string;
  readonly tags: readonly string[];
  readonly requiresKey: boolean;
  /** Comes with the program, or was added by a person. */
  readonly provenance: "official" | "custom";
}

/** What is there when the config names none. */
const BUILT_IN: readonly RegistrySource[] = [
  {
    id: "official",
    name: "Official MCP registry",
    description: "The registry of the Model Context Protocol project",
    protocol: "modelcontextprotocol/registry",
    serversUrl: "https://registry.modelcontextprotocol.io/v0.1/servers",
    tags: ["official"],
    requiresKey: false,
    provenance: "official",
  },
  {
    id: "reference",
    name: "Reference servers",
    description: "Servers of the Model Context Protocol project, known without a network",
    protocol: "builtin/reference",
    serversUrl: "",
    tags: ["official", "offline"],
    requiresKey: false,
    provenance: "official",
  },
];

/**
 * The registries of a config; the built-in ones when it names none. Entries
 * without an id or an address are left out. Pure.
 */
export function sourcesOf({ registries }: Pick<Config, "registries">): readonly RegistrySource[] {
  if (registries === undefined) return BUILT_IN;
  const sources = registries.flatMap((entry) => toSource(entry) ?? []);
  return [...new Map(sources.map((source) => [source.id, source])).values()];
}

/** Tells whether an id is one of those that come with the program. */
export function isBuiltIn(id: string): boolean {
  return BUILT_IN.some((source) => source.id === id);
}

function toSource(entry: Readonly<Record<string, unknown>>): RegistrySource | undefined {
  const text = (key: string) => typeof entry[key] === "string" ? entry[key] : "";
  const id = text("id");
  if (id === "") return undefined;
  const builtIn = BUILT_IN.find((source) => source.id === id);
  const serversUrl = text("servers_url") || text("url") || (builtIn?.serversUrl ?? "");
  const protocol = protocolOf(text("protocol") || (builtIn?.protocol ?? ""), serversUrl);
  if (serversUrl === "" && protocol !== "builtin/reference") return undefined;
  return {
    id,
    name: text("name") || (builtIn?.name ?? id),
    description: text("description") || (builtIn?.description ?? ""),
    protocol,
    serversUrl,
    tags: Array.isArray(entry.tags) ? entry.tags.map(String) : builtIn?.tags ?? [],
    requiresKey: entry.requires_key === true,
    // What a file claims of itself does not make it official.
    provenance: builtIn !== undefined && builtIn.serversUrl === serversUrl ? "official" : "custom",
  };
}

function protocolOf(stated: string, url: string): RegistryProtocol {
  const known = REGISTRY_PROTOCOLS.find((one) => one === stated);
  if (known !== undefined) return known;
  return /^https?:\/\//i.test(url) ? "modelcontextprotocol/registry" : "file";
}
