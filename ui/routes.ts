/**
 * Places of the page, as the part of its address behind `#` says them. Pure.
 *
 * @module
 */

/** A place of the page. */
export type Route =
  | { readonly view: "servers" }
  | { readonly view: "server"; readonly name: string }
  | { readonly view: "approvals" }
  | { readonly view: "activity"; readonly filter: Readonly<Record<string, string>> }
  | { readonly view: "tools"; readonly query: string };

/** Reads a place; the servers if it is none. Never throws. */
export function parseRoute(hash: string): Route {
  const [path = "", search = ""] = splitAt(hash.replace(/^#\/?/, ""), "?");
  const [view, rest = ""] = splitAt(path, "/");
  const query = new URLSearchParams(search);
  if (view === "servers" && rest !== "") return { view: "server", name: decode(rest) };
  if (view === "approvals") return { view };
  if (view === "activity") return { view, filter: Object.fromEntries(query) };
  if (view === "tools") return { view, query: query.get("q") ?? "" };
  return { view: "servers" };
}

/** Writes a place as an address within the page. */
export function toHash(route: Route): string {
  switch (route.view) {
    case "server":
      return `#/servers/${encodeURIComponent(route.name)}`;
    case "activity":
      return withQuery("#/activity", route.filter);
    case "tools":
      return withQuery("#/tools", { q: route.query });
    case "servers":
    case "approvals":
      return `#/${route.view}`;
  }
}

function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return text === "" ? path : `${path}?${text}`;
}

function splitAt(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
