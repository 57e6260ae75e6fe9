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

/** Counts of no servers. */
export const NO_STATS: ServerStats = {
  total_servers: 0,
  connected_servers: 0,
  connecting_servers: 0,
  quarantined_servers: 0,
  total_tools: 0,
};

/** Counts the servers of a view and what they offer. */
export function statsOf(
  { servers }: Pick<ViewSnapshot, "servers">,
  catalogue: Pick<Catalogue, "get">,
): ServerStats {
  const sum = { ...NO_STATS, total_servers: servers.size };
  servers.forEach((record, name) => {
    if (record.state.state === "ready") sum.connected_servers++;
    if (record.state.state === "connecting") sum.connecting_servers++;
    if (record.quarantined) sum.quarantined_servers++;
    sum.total_tools += toolCountOf(name, record, catalogue);
  });
  return sum;
}

/** Counts with those of another server, or without what it was. Pure. */
export function addStats(sum: ServerStats, one: ServerStats, times: 1 | -1 = 1): ServerStats {
  return {
    total_servers: sum.total_servers + times * one.total_servers,
    connected_servers: sum.connected_servers + times * one.connected_servers,
    connecting_servers: sum.connecting_servers + times * one.connecting_servers,
    quarantined_servers: sum.quarantined_servers + times * one.quarantined_servers,
    total_tools: sum.total_tools + times * one.total_tools,
  };
}

/** Counts the known tools of a server; one that is held shows none, as nobody has reviewed them. */
function toolCountOf(name: string, record: ServerRecord, catalogue: Pick<Catalogue, "get">): number {
  if (!record.config.enabled || record.quarantined) return 0;
  return catalogue.get(name)?.names.size ?? 0;
}
