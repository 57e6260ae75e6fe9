import { type Format, FORMATS } from "./render/format.ts";
import type { Globals } from "./session.ts";

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error"];

type Env = Readonly<Record<string, string>>;

/** Guesses the format from words that could not be read, so that their error comes in it. */
export function guessFormat(argv: readonly string[], env: Env): Format {
  const end = argv.indexOf("--");
  const words = end < 0 ? argv : argv.slice(0, end);
  const at = words.findLastIndex((word) => word === "-o" || word === "--output");
  return words.includes("--json") ? "json" : find(words[at + 1]) ?? find(env.MCPPROXY_OUTPUT) ?? "table";
}

/** The noun whose commands also print SARIF. */
const SARIF_NOUN = "security";

/**
 * Decides the format: `--json`, `--output`, `MCPPROXY_OUTPUT`, in this order.
 *
 * @param words The command; some know a format more, and one takes `--output` for a file.
 * @throws {GatewayError} MCPX_USAGE — the format does not exist, or two are named.
 */
export async function chooseFormat(
  { json, output }: Globals,
  env: Env,
  [noun, verb]: readonly string[] = [],
): Promise<Format> {
  if (json === true && output === undefined) return "json";
  if (noun === "activity" && verb === "export") return find(output) ?? "table";
  const name = output ?? (env.MCPPROXY_OUTPUT || "table");
  const format = name === "sarif" && noun === SARIF_NOUN ? "sarif" : find(name);
  if (format !== undefined && json !== true) return format;
  // Loaded here, since the quick commands do without the contracts.
  const { usageError } = await import("./usage.ts");
  throw usageError(
    json === true
      ? "Cannot choose a format: --json and --output exclude each other"
      : `Cannot print as "${name}": wanted ${FORMATS.join(", ")}`,
  );
}

/** @throws {GatewayError} MCPX_USAGE — the level does not exist. */
export async function checkLogLevel({ logLevel }: Globals): Promise<void> {
  if (logLevel === undefined || LOG_LEVELS.includes(logLevel)) return;
  const { usageError } = await import("./usage.ts");
  throw usageError(`Cannot log at level "${logLevel}": wanted ${LOG_LEVELS.join(", ")}`);
}

/** What some commands of mcpproxy-go call their tables. */
const PRETTY = "pretty";

function find(name: string | undefined): Format | undefined {
  return name === PRETTY ? "table" : FORMATS.find((format) => format === name);
}
