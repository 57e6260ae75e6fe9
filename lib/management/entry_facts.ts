type Entry = Readonly<Record<string, unknown>>;

/** Every text of an entry, its inner lists and maps among it. */
export function entryTexts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(entryTexts);
}

/** What may be shown of an entry: names and places, no values. */
export function summaryOf(name: string, entry: Entry) {
  const endpoint = [entry.url, entry.httpUrl, entry.serverUrl].find((one) => typeof one === "string");
  const names = (...maps: unknown[]) => maps.flatMap((map) => Object.keys(Object(map)));
  return {
    entry_name: name,
    endpoint: typeof endpoint === "string" ? endpoint.replace(/[?#].*$/, "") : undefined,
    command: typeof entry.command === "string" ? entry.command : undefined,
    header_names: names(entry.headers, entry.http_headers),
    env_names: names(entry.env, entry.environment),
  };
}
