import type { Config, ServerView } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";

/** Keys of the config that a command line may set for one run. */
export type ConfigSettings = Partial<
  Pick<
    Config,
    | "tray_endpoint"
    | "tool_response_limit"
    | "tool_response_mode"
    | "debug_search"
    | "disable_management"
    | "allow_server_add"
    | "allow_server_remove"
    | "enable_prompts"
    | "aggregate_upstream_prompts"
  >
>;

/** Where the gateway finds its files and which settings of the config are overridden. */
export interface PlaceOptions {
  readonly platform: Platform;
  readonly version: string;
  /** Config file; the default place when absent. */
  readonly config?: string;
  /** Fails if the config file named does not exist, in place of making it. */
  readonly configMustExist?: boolean;
  readonly dataDir?: string;
  /** `host:port`; port 0 takes any free one. */
  readonly listen?: string;
  readonly logLevel?: string;
  readonly requireMcpAuth?: boolean;
  readonly readOnly?: boolean;
  readonly enableSocket?: boolean;
  readonly logToFile?: boolean;
  readonly logDir?: string;
  /** Further keys of the config, by which the command line wins over the file. */
  readonly settings?: ConfigSettings;
}

/** What a daemon tells about itself while it starts, runs and stops. */
export type DaemonProgress =
  | {
    readonly kind: "listening";
    readonly mcpUrl: string;
    readonly socketPath: string | undefined;
    readonly configPath: string;
    readonly requireMcpAuth: boolean;
    /** File of the key; absent if the config gives the key. */
    readonly apiKeyFile?: string;
    readonly servers: number;
  }
  | {
    readonly kind: "server";
    readonly name: string;
    readonly state: string;
    readonly summary: string;
    readonly detail?: string;
    readonly toolCount: number;
    readonly tookMs: number;
    readonly done: number;
    readonly total: number;
  }
  | { readonly kind: "settled"; readonly servers: readonly ServerView[] }
  | { readonly kind: "stopping"; readonly signal: string }
  /** A mistake of the program itself; it ends for that. */
  | { readonly kind: "crashed"; readonly text: string }
  | { readonly kind: "stopped" }
  | { readonly kind: "notice"; readonly text: string };
