import { GatewayError, type ServerConfig, wireOf } from "../contracts/mod.ts";
import type { Logger } from "../observability/mod.ts";
import {
  isNpx,
  type PackageResolver,
  type PackageWord,
  packageWords,
  pinWords,
  type ResolvedPackage,
} from "../packages/mod.ts";
import type { Definition } from "../security/mod.ts";
import type { Trust } from "./trust/trust_types.ts";

/** What the gate works with. */
export interface PackageGateOptions {
  readonly trust: Pick<Trust, "review" | "isAccepted" | "find">;
  readonly resolver: PackageResolver;
  readonly log: Pick<Logger, "warn">;
}

/** A start that is about to fetch packages. */
export interface PackageStart {
  readonly server: ServerConfig;
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly signal: AbortSignal;
  /** A person wants to look at what the server is now; nothing is let in by that. */
  readonly isLook: boolean;
}

/** Lets a server start only from the packages that were accepted. */
export interface PackageGate {
  /**
   * Looks up what the start would fetch.
   *
   * @returns The server to start, whose arguments name exactly what was looked up. Where the registry does not
   * answer they name what was accepted, and nothing is changed if nothing was.
   * @throws {GatewayError} MCPX_PACKAGE_CHANGED — it is another version than was accepted, or another archive.
   */
  settle(start: PackageStart): Promise<ServerConfig>;
}

/** A version that npm has on the disk runs without asking a registry that does not answer anyway. */
const FROM_CACHE = { npm_config_prefer_offline: "true" };

/** What came of looking up one package. */
interface Row {
  readonly word: PackageWord;
  /** What is to run; `undefined` leaves it to npx. */
  readonly run: ResolvedPackage | undefined;
  /** Absent if the registry did not say. */
  readonly definition?: Definition;
}

/** Creates the gate. */
export function createPackageGate({ trust, resolver, log }: PackageGateOptions): PackageGate {
  function acceptedOf({ name }: ServerConfig, word: PackageWord): ResolvedPackage | undefined {
    return toResolved(trust.find(name, "package", nameOf(word))?.record.approvedDefinition);
  }

  async function lookUp(word: PackageWord, { server, ...start }: PackageStart): Promise<Row> {
    const found = await resolver.resolve({ ...start, launch: server, word });
    if (found !== undefined) return { word, run: found, definition: toDefinition(word, found) };
    const run = acceptedOf(server, word);
    log.warn("package not looked up", { server: server.name, package: word.spec, kept: run?.version });
    return { word, run };
  }

  function check(server: ServerConfig, { word, run, definition }: Row): void {
    if (run === undefined || definition === undefined) return;
    if (trust.isAccepted(server.name, "package", nameOf(word), definition)) return;
    throw changed(server, word, { found: run, accepted: acceptedOf(server, word) });
  }

  return {
    async settle(start) {
      const { server, isLook } = start;
      const words = wireOf(server) === "stdio" && isNpx(server) ? packageWords(server) : [];
      if (words.length === 0) return server;
      const rows = await Promise.all(words.map((word) => lookUp(word, start)));
      const shown = rows.flatMap(({ definition }) => definition === undefined ? [] : [definition]);
      await trust.review(server, "package", shown, { isWhole: shown.length === words.length });
      if (!isLook) { for (const row of rows) check(server, row); }
      const exact = rows.flatMap(({ word, run }): [string, ResolvedPackage][] =>
        run === undefined ? [] : [[word.spec, run]]
      );
      const args = pinWords(server.args, words, new Map(exact));
      const isKept = rows.some(({ run, definition }) => run !== undefined && definition === undefined);
      return { ...server, args, env: isKept ? { ...server.env, ...FROM_CACHE } : server.env };
    },
  };
}

/** Packages of one server are told apart by what its command asks for. */
function nameOf({ spec }: PackageWord): string {
  return `npm:${spec}`;
}

function toDefinition(word: PackageWord, { name, version, integrity }: ResolvedPackage): Definition {
  return { name: nameOf(word), package: name, version, integrity };
}

function toResolved(definition: Definition | undefined): ResolvedPackage | undefined {
  const { package: name, version, integrity } = definition ?? {};
  if (typeof name !== "string" || typeof version !== "string" || typeof integrity !== "string") {
    return undefined;
  }
  return { name, version, integrity };
}

function changed(
  { name: server }: ServerConfig,
  { spec }: PackageWord,
  { found, accepted }: { readonly found: ResolvedPackage; readonly accepted: ResolvedPackage | undefined },
): GatewayError {
  const write = ({ version, integrity }: ResolvedPackage) => `${version} (${integrity || "no integrity"})`;
  const before = accepted === undefined ? "nobody has accepted it" : `accepted was ${write(accepted)}`;
  return new GatewayError(
    "MCPX_PACKAGE_CHANGED",
    `Cannot start server "${server}": its package "${spec}" is ${write(found)} now, ${before}`,
    {
      remedy:
        `Look at it: mcpproxy upstream inspect ${server}; to accept it: mcpproxy upstream approve ${server}`,
      details: {
        server,
        package: found.name,
        version: found.version,
        integrity: found.integrity,
        accepted_version: accepted?.version,
        accepted_integrity: accepted?.integrity,
      },
    },
  );
}
