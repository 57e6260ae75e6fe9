import type { GatewayEvent } from "../../lib/contracts/mod.ts";
import { cut, type Look, oneLine, paint, type Style } from "./text.ts";

const STYLES: Readonly<Record<string, Style>> = {
  "config.rejected": "bad",
  gap: "warning",
  snapshot: "faint",
};

/** Writes an event for people: when, which, and what its payload says in a few words. */
export function renderEvent({ seq, at, type, payload }: GatewayEvent, look: Look): string {
  const time = at?.slice(11, 19) ?? "--:--:--";
  const name = paint(oneLine(type).padEnd(18), STYLES[type] ?? "strong", look);
  const text = oneLine(summarise(type, payload));
  const room = look.width === undefined ? Infinity : Math.max(10, look.width - 36);
  return `${paint(time, "faint", look)} ${String(seq).padStart(6)} ${name} ${cut(text, room)}`.trimEnd() +
    "\n";
}

function summarise(type: string, payload: unknown): string {
  const at = (key: string): unknown => Reflect.get(Object(payload), key);
  if (type === "servers.changed") {
    return Object.entries(Object(at("reasons"))).map(([server, reason]) => `${server}: ${reason}`).join(", ");
  }
  if (type === "config.rejected") return String(at("message"));
  if (type === "snapshot") {
    const stats: unknown = at("stats");
    const count = (key: string): unknown => Reflect.get(Object(stats), key);
    return `${count("connected_servers")} of ${count("total_servers")} servers connected`;
  }
  return Object.entries(Object(payload))
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
}
