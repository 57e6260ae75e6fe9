import { GatewayError } from "../contracts/mod.ts";
import { editConfig, isJsonObject, type JsonObject, readValue } from "../config/mod.ts";
import { type ClientId, FILE_FORMS, type FileForm } from "./known_clients.ts";
import { parseToml, setTable } from "./toml.ts";

/** Which entry of which file is meant. */
export interface EntryPlace {
  readonly client: ClientId;
  /** Of the file, for words. */
  readonly path: string;
  /** Name of the entry. */
  readonly name: string;
}

/**
 * Finds an entry in a client's file.
 *
 * @returns `undefined` if there is none.
 * @throws {GatewayError} MCPX_CLIENT_FILE_UNREADABLE — the file is broken, or its section is no map of servers.
 */
export function findEntry(text: string, place: EntryPlace): JsonObject | undefined {
  const { section }: FileForm = FILE_FORMS[place.client];
  const servers = read(text, place)[section];
  if (servers === undefined) return undefined;
  if (!isJsonObject(servers)) throw refused(place, `"${section}" is no map of servers`);
  const entry = Object.hasOwn(servers, place.name) ? servers[place.name] : undefined;
  if (entry === undefined) return undefined;
  if (!isJsonObject(entry)) throw refused(place, `its entry "${place.name}" is no map of settings`);
  return entry;
}

/**
 * Puts an entry into a client's file, in the place of one of the same name;
 * `undefined` takes it away. Everything else stays as it is, comments and
 * layout among it, and that is checked.
 *
 * @throws {GatewayError} MCPX_CLIENT_FILE_UNREADABLE — it cannot be done without touching more.
 */
export function putEntry(text: string, place: EntryPlace, value: JsonObject | undefined): string {
  findEntry(text, place); // says what is wrong with the file before anything else does
  try {
    const edited = edit(text, place, value);
    if (isOnlyThat({ before: text, after: edited, place, value })) return edited;
  } catch {
    // What came of it is no file of this client any more; told below.
  }
  const { section }: FileForm = FILE_FORMS[place.client];
  throw refused(
    place,
    `its "${section}" is written in a way that cannot be edited without touching the rest`,
  );
}

function edit(text: string, { client, name }: EntryPlace, value: JsonObject | undefined): string {
  const { format, section }: FileForm = FILE_FORMS[client];
  if (format === "toml") return setTable(text, [section, name], value);
  return editConfig(text, [{ kind: "set", path: [section, name], value }]);
}

interface Edit {
  readonly before: string;
  readonly after: string;
  readonly place: EntryPlace;
  readonly value: JsonObject | undefined;
}

/** Both texts are read: one entry differs, as wanted, and nothing else. */
function isOnlyThat({ before, after, place, value }: Edit): boolean {
  return sameButFor(before, after, place) && toComparable(findEntry(after, place)) === toComparable(value);
}

/** Tells whether two texts of a client's file state the same, save for one entry. @throws {GatewayError} */
export function sameButFor(a: string, b: string, place: EntryPlace): boolean {
  const { section }: FileForm = FILE_FORMS[place.client];
  const without = (text: string) => {
    const { [section]: servers, ...others } = read(text, place);
    const { [place.name]: _entry, ...rest } = isJsonObject(servers) ? servers : {};
    return toComparable({ others, rest });
  };
  return without(a) === without(b);
}

/** Dates and big numbers of TOML have no form in JSON. */
function toComparable(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one === "bigint" || one instanceof Date) return String(one);
    return isJsonObject(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => a < b ? -1 : 1))
      : one;
  }) ?? "nothing";
}

function read(text: string, place: EntryPlace): JsonObject {
  try {
    return FILE_FORMS[place.client].format === "toml" ? parseToml(text) : readValue(text, place.path);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : "it cannot be read";
    throw refused(place, words.replace(/^Cannot read [^:]+: /, ""), cause);
  }
}

function refused({ path }: EntryPlace, why: string, cause?: unknown): GatewayError {
  return new GatewayError("MCPX_CLIENT_FILE_UNREADABLE", `Cannot edit "${path}": ${why}`, {
    remedy:
      "Correct the file, or put the entry into it by hand: mcpproxy status --mcp-config CLIENT prints it",
    cause,
  });
}
