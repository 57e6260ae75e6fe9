import type { CallerScope, Config } from "../contracts/mod.ts";
import type { Activity } from "../activity/mod.ts";
import type { Flows, ResultCache, TokenLedger } from "../calls/mod.ts";
import type { Calls, Limits } from "../calls/mod.ts";
import type { ConfigService } from "../config/mod.ts";
import type { EventBus } from "../events/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { Registries } from "../registries/mod.ts";
import type { Isolation } from "../isolation/mod.ts";
import type { Runtime, ServerUsage } from "../runtime/mod.ts";
import type { ToolFinder, ToolIndex } from "../search/mod.ts";
import type { SecretStore } from "../secrets/mod.ts";
import type { SignIn, Tokens } from "../security/mod.ts";
import type { Storage } from "../storage/mod.ts";
import type { ScanRenewals } from "./renewals.ts";
import type { ActiveProfile, McpSessions } from "./mcp_clients.ts";

/** Facts of the process that only its owner knows. */
export interface GatewayFacts {
  readonly version: string;
  readonly dataDir: string;
  readonly socketPath: string;
  readonly startedAt: number;
  /** The config the process started with. */
  readonly startConfig: Config;
  /** A daemon with listeners, or a short-lived process. */
  readonly running: boolean;
  readonly phase: () => string;
  /** `host:port` in fact bound. */
  readonly listenAddress: () => string;
  readonly apiKey: () => string;
}

/** What the service is built from. */
export interface ManagementOptions {
  readonly platform: Platform;
  readonly config: ConfigService;
  readonly runtime: Runtime;
  readonly calls: Calls;
  readonly limits: Limits;
  readonly registries: Registries;
  readonly index: ToolIndex;
  /** Finds with more than words, if the config asks for that; the index alone when absent. */
  readonly finder?: ToolFinder;
  readonly storage: Storage;
  readonly bus: EventBus;
  /** The record of calls and changes. */
  readonly activity: Activity;
  /** Secrets that are kept by name. */
  readonly secrets: SecretStore;
  /** How far the caller reaches; `runtime` and `bus` end there, whatever else is read must be made to. */
  readonly scope?: CallerScope;
  readonly tokens: Tokens;
  readonly signIn: Pick<SignIn, "issue" | "endAll">;
  /** Puts a new admin key into force, and says where it is kept. */
  readonly adminKey: { readonly file: string; reset(): Promise<string> };
  readonly activeProfile: ActiveProfile;
  /** The MCP clients there are; `undefined` where no endpoint is served. */
  readonly mcpSessions: () => McpSessions | undefined;
  /** What is known of tokens; not kept when absent. */
  readonly ledger?: TokenLedger;
  /** Keeps account of what agents have read; absent where nobody may ask. */
  readonly flows?: Flows;
  /** Keeps long results; none when absent. */
  readonly results?: ResultCache;
  readonly logDirectory: string;
  /** What the processes of servers take of the machine, as far as it is known; another map when it has changed. */
  readonly usages?: () => ReadonlyMap<string, ServerUsage>;
  readonly facts: GatewayFacts;
  /** How scans by other rules of what is known do; absent where there are none. */
  readonly renewals?: ScanRenewals;
  /** What this machine can isolate servers with; absent where nobody may ask. */
  readonly isolation?: Pick<Isolation, "capabilities" | "settle">;
  /** Connects servers whose tools are not known yet, where they are started on demand; else does nothing. */
  readonly learnTools: (signal: AbortSignal, names?: readonly string[]) => Promise<void>;
}
