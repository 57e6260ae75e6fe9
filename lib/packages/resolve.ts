import { dirname, isAbsolute, join } from "node:path";
import { type Platform, sleep } from "../platform/mod.ts";
import type { Launch, PackageWord } from "./package_of.ts";

/** A package as a registry would give it now. */
export interface ResolvedPackage {
  readonly name: string;
  readonly version: string;
  /** What the archive hashes to, as the registry says; npm refuses any other. */
  readonly integrity: string;
}

/** How a package would be fetched. */
export interface ResolveRequest {
  readonly launch: Launch;
  readonly word: PackageWord;
  /** Of the server: the registry may be another one for it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly signal: AbortSignal;
}

/** Finds out what a start would fetch, and fetches nothing of it. */
export interface PackageResolver {
  /**
   * @returns `undefined` if that cannot be found out: npm is not there, or the registry does not answer.
   * @throws The reason of the signal.
   */
  resolve(request: ResolveRequest): Promise<ResolvedPackage | undefined>;
}

/** A registry that takes longer is as good as none. */
const LIMIT_MS = 15_000;
/** Versions of one package; the answer has a line or two for each. */
const MAX_CHARS = 4 * 1024 * 1024;
/** Options of npx that say where packages come from. */
const PLACES = ["--registry", "--userconfig", "--cache"];

/**
 * Creates a resolver that asks npm, which knows registries, scopes, keys,
 * proxies and certificates as npx does.
 */
export function createPackageResolver(platform: Pick<Platform, "processes" | "clock">): PackageResolver {
  return {
    async resolve(request) {
      request.signal.throwIfAborted();
      const text = await askNpm(platform, request);
      request.signal.throwIfAborted();
      return text === undefined ? undefined : readAnswer(text);
    },
  };
}

async function askNpm(
  { processes, clock }: Pick<Platform, "processes" | "clock">,
  { launch, word, environment, cwd, signal }: ResolveRequest,
): Promise<string | undefined> {
  const { command = "", args } = launch;
  const fields = ["name", "version", "dist.integrity", "dist-tags.latest"];
  const env = {
    ...environment,
    npm_config_update_notifier: "false",
    npm_config_logs_max: "0",
    // Whoever waits for a server should not wait for a registry that is away.
    npm_config_fetch_retries: "0",
  };
  let child;
  try {
    child = processes.spawn({
      command: isAbsolute(command) ? join(dirname(command), "npm") : "npm",
      args: ["view", "--json", ...placesOf(args), "--", word.spec, ...fields],
      env,
      cwd,
      label: "npm view",
    });
  } catch {
    return undefined;
  }
  const over = new AbortController();
  const end = () => void child.signalGroup("SIGKILL");
  signal.addEventListener("abort", end, { once: true });
  void sleep(clock, LIMIT_MS, over.signal).then(end, () => {});
  try {
    const [stdout, , { code }] = await Promise.all([
      readBounded(child.stdout),
      readBounded(child.stderr),
      child.exited,
      child.stdin.close().catch(() => {}),
    ]);
    return code === 0 ? stdout : undefined;
  } finally {
    over.abort();
    signal.removeEventListener("abort", end);
  }
}

function placesOf(args: readonly string[]): string[] {
  return args.flatMap((arg, at) => {
    if (PLACES.includes(arg)) return [arg, args[at + 1] ?? ""];
    return PLACES.some((place) => arg.startsWith(`${place}=`)) ? [arg] : [];
  });
}

async function readBounded(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    if (text.length < MAX_CHARS) text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/** Of several versions in a range npm takes the one that is tagged, if it is among them, else the last. */
function readAnswer(text: string): ResolvedPackage | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  const rows = (Array.isArray(answer) ? answer : [answer]).flatMap((row) => toRow(row) ?? []);
  const { version, name, integrity } = rows.find((row) => row.version === row.latest) ?? rows.at(-1) ?? {};
  if (version === undefined || name === undefined || integrity === undefined) return undefined;
  return { name, version, integrity };
}

function toRow(row: unknown) {
  if (typeof row !== "object" || row === null) return undefined;
  const { name, version, "dist.integrity": integrity = "", "dist-tags.latest": latest } = row as Readonly<
    Record<string, unknown>
  >; // an object, as just seen
  if (typeof name !== "string" || typeof version !== "string" || typeof integrity !== "string") {
    return undefined;
  }
  // It becomes a word of a command.
  if (!/^\d+\.\d+\.\d+[-+.\w]*$/.test(version) || name.startsWith("-")) return undefined;
  return { name, version, integrity, latest };
}
