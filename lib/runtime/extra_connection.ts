import { dirname } from "node:path";
import { type ClientPeer, type ServerConfig, wireOf } from "../contracts/mod.ts";
import type { UpstreamConnection } from "../upstream/mod.ts";
import { type ConnectOptions, connectServer } from "./connect.ts";
import type { Gate } from "./gate.ts";
import type { PackageGate } from "./package_gate.ts";
import type { RuntimeOptions } from "./runtime.ts";
import type { Trust } from "./trust/trust_types.ts";

/** What a connection beside that of the actor is for. */
export interface Asking {
  /** The client that it belongs to; nobody but the gateway, for a look, when absent. */
  readonly peer?: ClientPeer;
  readonly signal: AbortSignal;
  readonly onClosed: () => void;
}

/** What all such connections share. */
export interface ExtraConnections extends Pick<ConnectOptions, "stopGraceMs"> {
  readonly trust: Pick<Trust, "review">;
  /** How many may start at once. */
  readonly gates: { readonly stdio: Gate; readonly http: Gate };
  readonly packages: PackageGate;
}

/** Connects to a server once more: for one client, or for a look at one that is held. */
export async function openExtraConnection(
  options: RuntimeOptions,
  { trust, gates, packages, stopGraceMs }: ExtraConnections,
  { server, peer, signal, onClosed }: Asking & { readonly server: ServerConfig },
): Promise<UpstreamConnection> {
  const { platform, config, logs, redactor, keyring, version, connect = connectServer } = options;
  using _place = await gates[wireOf(server) === "stdio" ? "stdio" : "http"].enter(signal);
  const { connection, tools } = await connect({
    platform,
    server,
    config: config.snapshot().config,
    baseDirectory: dirname(config.path),
    version,
    redactor,
    keyring,
    packages,
    isLook: peer === undefined,
    log: logs.serverLog(server.name),
    signal,
    peer,
    onNotification: (message) => peer?.notify(message),
    onClosed,
    stopGraceMs,
  });
  // A server may show each client something else; what differs from what was accepted is held for all.
  if (peer !== undefined) await trust.review(server, "tool", tools, { isWhole: false });
  return connection;
}
