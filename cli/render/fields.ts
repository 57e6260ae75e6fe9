import { cut, type Look, paint, visible, widthOf } from "./text.ts";

/**
 * Writes names and values in two columns; empty values are left out.
 *
 * @returns Lines, each ended by a line feed.
 */
export function renderFields(fields: readonly (readonly [string, string | undefined])[], look: Look): string {
  const shown = fields.flatMap(([name, value]) => value ? [[name, visible(value)] as const] : []);
  const widest = Math.max(0, ...shown.map(([name]) => widthOf(name)));
  return shown.map(([name, value]) => {
    const room = look.width === undefined ? Infinity : Math.max(1, look.width - widest - 2);
    return `${paint(name.padEnd(widest), "strong", look)}  ${cut(value, room)}\n`;
  }).join("");
}
