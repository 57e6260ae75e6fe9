import type { Catalogue } from "./catalogue.ts";
import type { ServerRecord, ViewSnapshot } from "./view.ts";

/** Counts of all servers. */
export interface ServerStats {
  readonly total_servers: number;
  readonly connected_servers: number;
  readonly connecting_servers: number;
  readonly quarantined_servers: number;
  /** Of those who may be called. */
  readonly total_tools: number;
}

/** Counts the servers of a view and what they offer. */
export function statsOf({ servers }: ViewSnapshot, catalogue: Pick<Catalogue, "get">): ServerStats {
  let [connected, connecting, quarantined, tools] = [0, 0, 0, 0];
  for (const [name, record] of servers) {
    if (record.state.state === "ready") connected++;
    if (record.state.state === "connecting") connecting++;
    if (record.quarantined) quarantined++;
    tools += toolCountOf(name, record, catalogue);
  }
  return {
    total_servers: servers.size,
    connected_servers: connected,
    connecting_servers: connecting,
    quarantined_servers: quarantined,
    total_tools: tools,
  };
}

/** Counts the known tools of a server; one that is held shows none, as nobody has reviewed them. */
function toolCountOf(name: string, record: ServerRecord, catalogue: Pick<Catalogue, "get">): number {
  if (!record.config.enabled || record.quarantined) return 0;
  return catalogue.get(name)?.tools.length ?? 0;
}
