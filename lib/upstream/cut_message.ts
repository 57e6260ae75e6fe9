/**
 * Makes out which request a message answers of which only the ends are left.
 *
 * @module
 */

/** A string (perhaps cut off), a bracket, or what else JSON has; commas and colons need no look. */
const TOKEN = /"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}[\]]|[^\s{}[\]",:]+/g;
const LAST_MEMBER = /"id"\s*:\s*(\d{1,15})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/;

/**
 * Finds the id of a response. Ids deeper inside belong to something else, so
 * only the outermost object counts.
 *
 * @returns `undefined` for a request or notification, and where the id is not in sight.
 */
export function idOfCut(head: string, tail: string): number | undefined {
  const members = outerMembers(head);
  if (members.has("method")) return undefined;
  const id = members.get("id") ?? LAST_MEMBER.exec(tail)?.[1];
  return id !== undefined && /^\d{1,15}$/.test(id) ? Number(id) : undefined;
}

/** Members of the outermost object as far as the text goes; a value that is no scalar is left out. */
function outerMembers(text: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let depth = 0;
  let key: string | undefined;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (index + token.length === text.length) break; // it may go on behind the cut
    if (token === "{" || token === "[") depth++;
    else if (token === "}" || token === "]") depth--;
    if (depth !== 1) continue;
    if (key === undefined) key = token.startsWith('"') ? token.slice(1, -1) : undefined;
    else {
      members.set(key, token);
      key = undefined;
    }
  }
  return members;
}
