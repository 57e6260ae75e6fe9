/**
 * Reads what registries answer: texts of strangers, so every field is taken
 * for what it is, cut to a length, and freed of characters that do not show.
 *
 * @module
 */

type Json = Readonly<Record<string, unknown>>;

/** Something a person has to fill in before a server can work. */
export interface ListedInput {
  readonly name: string;
  readonly kind: "env" | "header" | "argument";
  readonly description: string;
  readonly required: boolean;
  readonly secret: boolean;
}

/** How a server is run or reached; values that are missing are among the inputs. */
export interface Install {
  readonly command?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocol?: "stdio" | "streamable-http" | "sse";
}

/** A server as a registry lists it. */
export interface ListedServer {
  readonly id: string;
  /** Name under which it can be added. */
  readonly name: string;
  readonly description: string;
  readonly version: string | undefined;
  readonly repository: string | undefined;
  /** `undefined` if the registry does not say how to run it in a way that is known here. */
  readonly install: Install | undefined;
  readonly inputs: readonly ListedInput[];
}

/** A page of a listing. */
export interface Listing {
  readonly servers: readonly ListedServer[];
  readonly nextCursor: string | undefined;
}

const MAX_TEXT = 400;
const MAX_ARGUMENTS = 64;
/** Programs that run a package, by the kind of its registry. */
const RUNNERS: Readonly<Record<string, (identifier: string, version: string) => readonly string[]>> = {
  npm: (identifier, version) => ["npx", "-y", version === "" ? identifier : `${identifier}@${version}`],
  pypi: (identifier, version) => ["uvx", version === "" ? identifier : `${identifier}==${version}`],
  oci: (identifier, version) => [
    "docker",
    "run",
    "-i",
    "--rm",
    version === "" || /[:@][^/]*$/.test(identifier) ? identifier : `${identifier}:${version}`,
  ],
};

/**
 * Reads a listing: the format of the official registry, with `server` around
 * each entry or without, or a plain list or map of entries as in a config.
 * Entries that make no sense are left out. Pure.
 */
export function readListing(value: unknown): Listing {
  const outer = isObject(value) ? value : {};
  const list = Array.isArray(value)
    ? value
    : Array.isArray(outer.servers)
    ? outer.servers
    : entriesOf(isObject(outer.servers) ? outer.servers : outer.mcpServers);
  const metadata = isObject(outer.metadata) ? outer.metadata : {};
  const cursor = metadata.nextCursor ?? metadata.next_cursor;
  return {
    servers: list.flatMap((entry: unknown) => readServer(entry) ?? []),
    nextCursor: typeof cursor === "string" && cursor !== "" ? cursor : undefined,
  };
}

function entriesOf(map: unknown): unknown[] {
  return isObject(map)
    ? Object.entries(map).map(([name, entry]) => isObject(entry) ? { ...entry, name } : undefined)
    : [];
}

function readServer(entry: unknown): ListedServer | undefined {
  if (!isObject(entry)) return undefined;
  const server = isObject(entry.server) ? entry.server : entry;
  const id = line(server.name ?? server.id, 200);
  if (id === "" || isOver(entry, server)) return undefined;
  const found = installOf(server);
  const repository = isObject(server.repository) ? server.repository.url : server.repository;
  return {
    id,
    name: nameOf(id),
    description: line(server.description),
    version: line(server.version, 60) || undefined,
    repository: line(repository ?? server.source_code_url, 300) || undefined,
    install: found?.install,
    inputs: found?.inputs ?? [],
  };
}

/** The registry keeps old versions, and what was taken back. */
function isOver(entry: Json, server: Json): boolean {
  const metas = [entry._meta, server._meta].filter(isObject).flatMap((meta) => Object.values(meta)).filter(
    isObject,
  );
  return metas.some(({ isLatest, is_latest, status }) =>
    isLatest === false || is_latest === false || status === "deleted"
  ) || server.status === "deleted";
}

interface Found {
  readonly install: Install;
  readonly inputs: readonly ListedInput[];
}

/** A server that is reached by URL runs nothing here, so that way comes first. */
function installOf(server: Json): Found | undefined {
  const remotes = listOf(server.remotes).flatMap((remote) => ofRemote(remote) ?? []);
  const packages = listOf(server.packages).flatMap((one) => ofPackage(one) ?? []);
  return remotes[0] ?? packages[0] ?? ofEntry(server);
}

function ofRemote(remote: Json): Found | undefined {
  const type = text(remote.type ?? remote.transport_type);
  const url = text(remote.url);
  if (!/^https?:\/\//i.test(url) || url.length > 2000) return undefined;
  const headers = inputsOf(remote.headers, "header");
  return {
    install: {
      url,
      protocol: type === "sse" ? "sse" : "streamable-http",
      ...(Object.keys(headers.values).length === 0 ? {} : { headers: headers.values }),
    },
    inputs: headers.inputs,
  };
}

function ofPackage(one: Json): Found | undefined {
  const kind = text(one.registryType ?? one.registry_type ?? one.registry_name);
  const identifier = text(one.identifier ?? one.name);
  const transport = isObject(one.transport) ? text(one.transport.type) : "stdio";
  const runner = RUNNERS[kind];
  // What looks like an option would be one to the runner.
  if (runner === undefined || !/^[@\w][\w@./:+-]*$/.test(identifier) || !/^(?:stdio|)$/.test(transport)) {
    return undefined;
  }
  const version = text(one.version);
  const [command = "", ...args] = runner(
    identifier,
    /^[\w.+-]+$/.test(version) && version !== "latest" ? version : "",
  );
  const own = argumentsOf(one.packageArguments ?? one.package_arguments);
  const env = inputsOf(one.environmentVariables ?? one.environment_variables, "env");
  return {
    install: {
      command,
      args: [...args, ...own.values].slice(0, MAX_ARGUMENTS),
      protocol: "stdio",
      ...(Object.keys(env.values).length === 0 ? {} : { env: env.values }),
    },
    inputs: [...own.inputs, ...env.inputs],
  };
}

/** An entry as it stands in a config. */
function ofEntry(server: Json): Found | undefined {
  const texts = (map: unknown) =>
    isObject(map)
      ? Object.fromEntries(Object.entries(map).map(([key, value]) => [key, text(value)]))
      : undefined;
  const [env, headers] = [texts(server.env), texts(server.headers)];
  const command = text(server.command);
  if (command !== "") {
    const args = listOfTexts(server.args).slice(0, MAX_ARGUMENTS);
    return {
      install: { command, args, protocol: "stdio", ...(env === undefined ? {} : { env }) },
      inputs: [],
    };
  }
  const url = text(server.url);
  if (!/^https?:\/\//i.test(url)) return undefined;
  return { install: { url, ...(headers === undefined ? {} : { headers }) }, inputs: [] };
}

/** Variables and headers: those with a value, and those that a person has to give. */
function inputsOf(list: unknown, kind: "env" | "header") {
  const values: Record<string, string> = {};
  const inputs: ListedInput[] = [];
  for (const one of listOf(list)) {
    const name = text(one.name);
    if (!/^[A-Za-z_][\w-]*$/.test(name)) continue;
    const value = text(one.value) || text(one.default);
    if (value !== "" && !/\{[^}]*\}/.test(value)) values[name] = value;
    else inputs.push(toInput(one, name, kind));
  }
  return { values, inputs };
}

function argumentsOf(list: unknown) {
  const values: string[] = [];
  const inputs: ListedInput[] = [];
  for (const one of listOf(list)) {
    const name = text(one.name);
    const value = text(one.value) || text(one.default);
    const isFlag = text(one.type) === "named" && name !== "";
    if (value === "") {
      const isRequired = one.isRequired === true || one.is_required === true;
      if (isRequired) inputs.push(toInput(one, name || text(one.valueHint) || "argument", "argument"));
      else if (isFlag && one.format === "boolean") continue;
    } else values.push(...(isFlag ? [name, value] : [value]));
  }
  return { values, inputs };
}

function toInput(one: Json, name: string, kind: ListedInput["kind"]): ListedInput {
  return {
    name: line(name, 100),
    kind,
    description: line(one.description, 200),
    required: one.isRequired === true || one.is_required === true,
    secret: one.isSecret === true || one.is_secret === true,
  };
}

/** The last part of `io.github.someone/server-name`. */
function nameOf(id: string): string {
  const last = id.split("/").at(-1) ?? id;
  return last.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+|-+$/g, "").slice(0, 64) || "server";
}

function line(value: unknown, most = MAX_TEXT): string {
  const visible = text(value).replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return [...visible].slice(0, most).join("");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function listOfTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
