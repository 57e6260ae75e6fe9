import type { ConfigService } from "../config/mod.ts";
import type { EventBus } from "../events/mod.ts";
import type { Logs } from "../observability/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { ListIndex } from "../search/mod.ts";
import type { Redactor, SecretSources } from "../secrets/mod.ts";
import type { Scanner } from "../security/mod.ts";
import type { Storage } from "../storage/mod.ts";
import type { UpstreamConnection } from "../upstream/mod.ts";
import type { WaitOptions } from "./actor_options.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Connect } from "./connect.ts";
import type { MessageListener } from "./news.ts";
import type { Trust } from "./trust/trust_types.ts";
import type { ServerRecord, ViewSnapshot } from "./view.ts";

/** What the runtime is built from. */
export interface RuntimeOptions {
  readonly platform: Platform;
  readonly config: ConfigService;
  readonly storage: Storage;
  readonly index: ListIndex;
  readonly scanner: Pick<Scanner, "scan" | "rules">;
  readonly logs: Logs;
  readonly bus: EventBus;
  readonly redactor: Redactor;
  /** Gives the secrets that are kept by name. */
  readonly keyring?: SecretSources["keyring"];
  readonly version: string;
  /** Servers sleep until a call needs them. */
  readonly onDemand: boolean;
  /** Makes a connection; the real thing when absent. */
  readonly connect?: Connect;
}

/** The servers, kept as the config wants them. */
export interface Runtime extends AsyncDisposable {
  readonly catalogue: Pick<Catalogue, "get" | "version">;
  /** What of the servers is accepted. */
  readonly trust: Omit<Trust, typeof Symbol.asyncDispose>;
  /** Resolves when the servers are on their way to what the config wants now; it never rejects. */
  settled(): Promise<void>;
  /** The picture of all servers; reading never waits. */
  view(): ViewSnapshot;
  /** One server's record. @throws {GatewayError} MCPX_SERVER_NOT_FOUND with the closest names. */
  server(name: string): ServerRecord;
  /**
   * Works with a ready connection, woken if need be; with the client's own one
   * for a server that is set to `"connection": "session"`.
   *
   * @throws {GatewayError} MCPX_SERVER_NOT_READY, and whatever the work throws.
   */
  use<T>(name: string, wait: WaitOptions, work: (connection: UpstreamConnection) => Promise<T>): Promise<T>;
  /**
   * Asks a server for all that it offers, so that a person can look at it; one
   * that is held or disabled is started for that and ended again. Nothing of it
   * is let in by this.
   *
   * @throws {GatewayError} MCPX_SERVER_NOT_FOUND, or why it cannot be asked.
   */
  inspect(name: string, signal: AbortSignal): Promise<void>;
  /** Stops and starts a server. */
  restart(name: string): void;
  /**
   * Asks a server for its tools again, soon.
   *
   * @throws {GatewayError} MCPX_SERVER_NOT_READY — it is not connected.
   */
  relist(name: string): void;
  /** Calls `listener` with what a server says to nobody in particular. */
  onMessage(listener: MessageListener): Disposable;
  /** Calls `listener` with the name of each server whose record has changed, or is gone, at once. */
  onState(listener: (server: string) => void): Disposable;
  /**
   * Calls `listener` with the servers of which clients see something else now: other tools,
   * up or down, shown or hidden. Once for all changes within 50 ms, and only if something of them is left.
   */
  onExposedChange(listener: (servers: readonly string[]) => void): Disposable;
  /** Tells every server that has a connection of its own for this client. */
  notifyFor(peerId: string, method: string, params?: Readonly<Record<string, unknown>>): void;
  /** Closes the connections of a client that has gone. */
  endPeer(peerId: string): void;
}
