import type { ClientPeer, Config, PeerMessage } from "../contracts/mod.ts";
import type { Logger, ServerLog } from "../observability/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { Redactor, SecretSources } from "../secrets/mod.ts";
import type { UpstreamOptions } from "../upstream/mod.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Connect } from "./connect.ts";
import type { EraMemory } from "./eras.ts";
import type { Gate } from "./gate.ts";
import type { PackageGate } from "./package_gate.ts";
import type { ServerRecord } from "./view.ts";

/** How long a caller waits for a server that is not ready. */
export interface WaitOptions {
  readonly signal: AbortSignal;
  readonly waitMs: number;
  /** The client who waits; it may have a connection of its own. */
  readonly peer?: ClientPeer;
}

/** What an actor works with. */
export interface ActorOptions {
  readonly platform: Platform;
  readonly config: () => Config;
  readonly baseDirectory: string;
  readonly version: string;
  readonly catalogue: Catalogue;
  readonly eras: EraMemory;
  readonly gates: { readonly stdio: Gate; readonly http: Gate };
  readonly redactor: Redactor;
  /** Gives the secrets that are kept by name. */
  readonly keyring?: SecretSources["keyring"];
  readonly packages?: PackageGate;
  readonly log: Logger;
  readonly serverLog: ServerLog;
  /** Makes a connection; the real thing when absent. */
  readonly connect?: Connect;
  readonly onChange: (record: ServerRecord) => void;
  /** A fresh list of tools is in the catalogue. */
  readonly onTools: () => void;
  /** What the server says to nobody in particular. */
  readonly onMessage: (message: PeerMessage) => void;
  /** Times between the steps of a stop; those of a daemon when absent. */
  readonly stopGraceMs?: UpstreamOptions["stopGraceMs"];
}
