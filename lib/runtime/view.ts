import type { Era, ServerConfig, ServerFailure, ServerState } from "../contracts/mod.ts";
import { SharedMap } from "./shared_map.ts";

/** Facts of the connection a ready server has. */
export interface ConnectionFacts {
  readonly era: Era;
  readonly wire: string;
  readonly protocolVersion: string;
  readonly serverInfo: Readonly<Record<string, unknown>>;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions: string | undefined;
  readonly pid: number | undefined;
}

/** Takes the facts from a connection, `undefined` if there is none. */
export function toFacts(connection: ConnectionFacts | undefined): ConnectionFacts | undefined {
  if (connection === undefined) return undefined;
  const { era, wire, protocolVersion, serverInfo, capabilities, instructions, pid } = connection;
  return { era, wire, protocolVersion, serverInfo, capabilities, instructions, pid };
}

/** What the view holds of one server. */
export interface ServerRecord {
  readonly config: ServerConfig;
  readonly quarantined: boolean;
  readonly state: ServerState;
  readonly connection: ConnectionFacts | undefined;
  readonly lastError: ServerFailure | undefined;
  readonly failures: number;
  /** Times the connection was made again after it had been ready once. */
  readonly reconnects: number;
  /** How long a server that announces other tools all the time is made to wait, milliseconds; absent for all others. */
  readonly unrestMs?: number;
}

/** A frozen picture of all servers; a newer one is a new object that shares what has not changed. */
export interface ViewSnapshot {
  readonly version: number;
  readonly servers: ReadonlyMap<string, ServerRecord>;
}

/** The read model; the supervisor is its only writer. */
export interface View {
  /** The picture now. Reading never waits. */
  current(): ViewSnapshot;
  set(name: string, record: ServerRecord): void;
  delete(name: string): void;
}

/** Creates an empty view. */
export function createView(): View {
  let servers = SharedMap.of<ServerRecord>();
  let snapshot: ViewSnapshot = Object.freeze({ version: 0, servers });
  function publish(next: SharedMap<ServerRecord>): void {
    if (next === servers) return;
    servers = next;
    snapshot = Object.freeze({ version: snapshot.version + 1, servers });
  }
  return {
    current: () => snapshot,
    set: (name, record) => publish(servers.with(name, Object.freeze(record))),
    delete: (name) => publish(servers.without(name)),
  };
}
