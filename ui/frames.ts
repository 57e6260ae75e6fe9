/**
 * Reads the text of an event stream. Pure but for the rest of a line that has
 * not come to its end.
 *
 * @module
 */

/** One event of a stream. */
export interface Frame {
  readonly event: string;
  readonly data: string;
  /** Absent if the event has none. */
  readonly id?: string;
}

/** Makes a reader that takes pieces as they come and gives the events that are complete. */
export function createFrameReader(): (text: string) => Frame[] {
  let rest = "";
  return (text) => {
    const parts = (rest + text).split("\n\n");
    rest = parts.pop() ?? "";
    return parts.flatMap(toFrame);
  };
}

function toFrame(text: string): Frame[] {
  const fields = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    // A comment, which keeps the connection alive, begins with a colon.
    if (colon < 1) continue;
    const name = line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, "");
    const before = fields.get(name);
    fields.set(name, name === "data" && before !== undefined ? `${before}\n${value}` : value);
  }
  const data = fields.get("data");
  if (data === undefined) return [];
  return [{ event: fields.get("event") ?? "message", data, id: fields.get("id") }];
}
