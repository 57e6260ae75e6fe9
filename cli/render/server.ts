import type { ProcessView, ServerView } from "../../lib/contracts/mod.ts";
import { renderFields } from "./fields.ts";
import { iconOf } from "./servers.ts";
import type { Look } from "./text.ts";

/** Writes one server for people: what it is, how it does, what it takes. */
export function renderServer(server: ServerView, look: Look): string {
  const { health, diagnostic } = server;
  return renderFields([
    ["Name", server.name],
    ["Status", `${iconOf(server)} ${health.summary}`],
    ["Detail", health.detail],
    ["Error", server.last_error === health.detail ? undefined : server.last_error],
    ["What to do", diagnostic?.fix_steps.join("; ")],
    ["Tools", `${server.tool_count}`],
    ["Protocol", toProtocol(server)],
    ["Command", server.command === undefined ? undefined : [server.command, ...server.args ?? []].join(" ")],
    ["Directory", server.working_dir],
    ["URL", server.url],
    // Whoever approves a server wants to see which secrets it is given; plain ones come masked.
    ["Variables", toPairs(server.env, "=")],
    ["Headers", toPairs(server.headers, ": ")],
    ["Connected", server.connected_at],
    ["Next try", server.retry_at],
    ["Reconnects", server.reconnect_count > 0 ? `${server.reconnect_count}` : undefined],
    ["Process", toProcess(server)],
    ["CPU", server.process === undefined ? undefined : `${server.process.cpu_percent} % of one processor`],
    ["Memory", server.process === undefined ? undefined : toMemory(server.process)],
  ], look);
}

function toPairs(values: Readonly<Record<string, string>> | undefined, between: string): string | undefined {
  const pairs = Object.entries(values ?? {}).map(([name, value]) => `${name}${between}${value}`);
  return pairs.length === 0 ? undefined : pairs.join(", ");
}

function toProtocol({ protocol, protocol_version: version }: ServerView): string {
  return version === undefined ? protocol : `${protocol}, revision ${version}`;
}

function toProcess({ pid, process }: ServerView): string | undefined {
  if (pid === undefined) return undefined;
  return process === undefined || process.processes < 2
    ? `${pid}`
    : `${pid} and ${process.processes - 1} of its own`;
}

function toMemory({ memory_mb: memory, processes }: ProcessView): string {
  return processes < 2 ? `${memory} MB` : `${memory} MB in ${processes} processes`;
}
