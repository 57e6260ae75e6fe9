import type { ConfigSettings, DaemonProgress, SecretStore } from "../lib/app/mod.ts";
import type { Management } from "../lib/contracts/mod.ts";
import type { Platform } from "../lib/platform/mod.ts";

export type { ConfigSettings, DaemonProgress };

/** What `serve` asks of the daemon; absent means as the config says. */
export interface DaemonOptions {
  readonly platform: Platform;
  readonly version: string;
  readonly config?: string;
  readonly dataDir?: string;
  readonly listen?: string;
  readonly logLevel?: string;
  readonly requireMcpAuth?: boolean;
  readonly readOnly?: boolean;
  readonly enableSocket?: boolean;
  readonly logToFile?: boolean;
  readonly logDir?: string;
  readonly settings?: ConfigSettings;
  readonly report: (progress: DaemonProgress) => void;
}

/** Where a Management without a daemon finds its config and its data. */
export interface LocalOptions {
  readonly platform: Platform;
  readonly version: string;
  readonly config?: string;
  readonly dataDir?: string;
  readonly logLevel?: string;
}

/** How a gateway in this process is to work; absent means as the config says. */
export interface GatewayOptions extends LocalOptions {
  readonly listen?: string;
  readonly onNotice: (text: string) => void;
}

/** What is asked of a gateway in this process. */
export interface OpenedGateway extends AsyncDisposable {
  readonly address: string;
  readonly socketPath: string | undefined;
  readonly apiKey: string;
}

/** The heavy part of the program, loaded only by the commands that need it. */
export interface App {
  /** Runs the daemon until it is told to stop. @returns Exit code. */
  runDaemon(options: DaemonOptions): Promise<number>;
  /** Opens a whole gateway in this process. */
  openGateway(options: GatewayOptions): Promise<OpenedGateway>;
  /** Opens the secrets of a data directory; nothing is read before it is used. */
  openSecretStore(platform: Platform, dataDir: string): SecretStore;
  /** Writes a secret so that its owner recognises it and nobody else learns it. */
  maskValue(value: string): string;
  /** Opens the Management in this process, without listeners. */
  openLocalManagement(options: LocalOptions): Promise<Management>;
}

/** Loads the app; `upstream list` and its like never come here while a daemon runs. */
export async function loadApp(): Promise<App> {
  return await import("../lib/app/mod.ts");
}
