import type { ServerConfigInput } from "../../lib/contracts/mod.ts";
import { GatewayError } from "../../lib/contracts/quick.ts";
import { parseEnv, parseHeaders } from "../pairs.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

/** Options of `mcpproxy upstream add`. */
export interface AddOptions {
  readonly header: readonly string[];
  readonly env: readonly string[];
  readonly workingDir?: string;
  readonly transport?: string;
  readonly trustMode?: string;
  readonly ifNotExists?: true;
  readonly quarantine: boolean;
}

const TRANSPORTS = ["http", "streamable-http", "sse", "stdio"] as const;
const TRUST_MODES = ["auto", "scan", "manual"] as const;
const COMMAND = "upstream add";

/** Adds a server from words and options. */
export async function add(
  words: readonly string[],
  options: AddOptions,
  session: Session,
): Promise<void> {
  const entry = toEntry(words, program(session.argv), options);
  await send(entry, options.ifNotExists === true, session);
}

/** Adds a server from the JSON text of its entry. */
export async function addJson(name: string, json: string, session: Session): Promise<void> {
  const fields = parseEntry(json);
  if (fields.name !== undefined && fields.name !== name) {
    throw usageError(`Cannot add server "${name}": the JSON names another one`, "upstream add-json");
  }
  // The gateway checks every field by the schema of an entry and names what is wrong.
  await send({ ...fields, name } as ServerConfigInput, false, session);
}

/** The words after `--`: program and arguments of a stdio server. */
function program(argv: readonly string[]): readonly string[] {
  const at = argv.indexOf("--");
  return at < 0 ? [] : argv.slice(at + 1);
}

/** Makes an entry of the config from the words of a command line. */
export function toEntry(
  words: readonly string[],
  program: readonly string[],
  options: AddOptions,
): ServerConfigInput {
  const [name = "", url, ...excess] = words.slice(0, words.length - program.length);
  const [command, ...args] = program;
  if (excess.length > 0) {
    throw usageError(
      `Cannot add server "${name}": "${excess[0]}" is one word too many, wanted a command only after --`,
      COMMAND,
    );
  }
  if (url === undefined && command === undefined) {
    throw usageError(`Cannot add server "${name}": wanted a URL, or a command after --`, COMMAND);
  }
  return {
    name,
    ...(url !== undefined && { url: checkUrl(name, url) }),
    ...(command !== undefined && { command, args }),
    ...(options.header.length > 0 && { headers: parseHeaders(options.header, COMMAND) }),
    ...(options.env.length > 0 && { env: parseEnv(options.env, COMMAND) }),
    ...(options.workingDir !== undefined && { working_dir: options.workingDir }),
    ...(options.transport !== undefined && {
      protocol: oneOf("transport", options.transport, TRANSPORTS),
    }),
    ...(options.trustMode !== undefined && {
      trust_mode: oneOf("trust mode", options.trustMode, TRUST_MODES),
    }),
    ...(!options.quarantine && { quarantined: false }),
  };
}

function checkUrl(name: string, url: string): string {
  // A reference such as ${env:URL} becomes a URL only later.
  if (url.includes("${") || /^https?:\/\/./i.test(url)) return url;
  throw usageError(
    `Cannot add server "${name}": "${url}" is no URL, wanted http:// or https://, or a command after --`,
    COMMAND,
  );
}

function oneOf<T extends string>(what: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw usageError(`Cannot use ${what} "${value}": wanted ${choices.join(", ")}`, COMMAND);
}

function parseEntry(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Told below; the text itself may hold secrets and is not repeated.
  }
  throw usageError("Cannot read the server entry: it is no JSON object", "upstream add-json");
}

async function send(entry: ServerConfigInput, ifNotExists: boolean, session: Session): Promise<void> {
  const management = await session.management();
  try {
    const answer = await management.request("servers.add", entry, { signal: session.signal });
    await session.print(answer, () => `Added server "${oneLine(answer.server)}"\n`);
    for (const warning of answer.warnings ?? []) await session.note(oneLine(`It ${warning}`));
    if (session.format === "table" && answer.quarantined) {
      await session.note(`It is held in quarantine; to let it in: mcpproxy upstream approve ${entry.name}`);
    }
  } catch (error) {
    if (!ifNotExists || !(error instanceof GatewayError) || error.code !== "MCPX_SERVER_EXISTS") throw error;
    await session.note(`Server "${entry.name}" exists; nothing was changed`);
  }
}
