type Fields = Readonly<Record<string, unknown>>;

/** What of the input of a verb says what it is about; whatever may hold a secret is none of them. */
const NAMING = [
  "name",
  "id",
  "server_id",
  "client",
  "server_name",
  "server_names",
  "filename",
  "path",
  "profile",
  "servers",
  "allowed_servers",
  "permissions",
  "profile_pin",
  "expires_in",
] as const;

/** Picks what says what a verb is about. Pure. */
export function namesIn(input: Fields): Fields {
  const named = NAMING.filter((key) => input[key] !== undefined && input[key] !== "");
  return Object.fromEntries(named.map((key) => [key, input[key]]));
}

/** Picks what of an answer belongs on record: a verdict, and which keys and servers of the config have changed. Pure. */
export function resultsIn(output: unknown): Fields {
  const { verdict, keys, servers } = Object(output) as Fields; // each is looked at
  return {
    ...(typeof verdict === "string" && { verdict }),
    ...(Array.isArray(keys) && { changed_fields: keys.flatMap(nameOf) }),
    ...(Array.isArray(keys) && Array.isArray(servers) && { changed_servers: servers.flatMap(nameOf) }),
  };
}

function nameOf(one: unknown): string[] {
  const name: unknown = Reflect.get(Object(one), "name");
  return typeof name === "string" ? [name] : [];
}
