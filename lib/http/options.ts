import type { Caller, Config, Features, Management } from "../contracts/mod.ts";
import type { EventBus } from "../events/mod.ts";
import type { AccessLog, Logger, Readiness } from "../observability/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { McpFigures } from "./metrics.ts";
import type { Traffic } from "./traffic.ts";
import type { SignInDoor } from "./sign_in.ts";

/** A file of the web UI. */
export interface Asset {
  readonly type: string;
  readonly body: string;
}

/** What the HTTP surface is built from. */
export interface HttpAppOptions {
  readonly platform: Platform;
  readonly management: Management;
  readonly config: () => Config;
  readonly apiKey: () => string;
  /** Aborted when the key in force now has been replaced; it never is when absent. */
  readonly keyEnded?: () => AbortSignal;
  /** Names the caller behind an agent token; `undefined` if it is none, throws if it has ended. */
  readonly identify: (token: string) => Caller | undefined;
  /** How browsers sign in. */
  readonly signIn: SignInDoor;
  /** Host part of the address listened on. */
  readonly listenHost: () => string;
  /** Answers requests to `/mcp`. */
  readonly mcp: (request: Request, caller: Caller, requestId: string) => Promise<Response>;
  /** Tells whether an answer of `mcp` carries the headers that every answer has. */
  readonly isComplete: (response: Response) => boolean;
  /** Counts requests and calls; nothing is counted when absent. */
  readonly traffic?: Traffic;
  /** What the MCP endpoints have counted. */
  readonly mcpFigures: () => McpFigures;
  readonly readiness: Readiness;
  /** Aborted when the gateway begins to stop. */
  readonly stopping: AbortSignal;
  readonly log: Logger;
  /** Gets every request; nobody does when absent. */
  readonly accessLog?: AccessLog;
  /** Features in use; the routes of the others say how to switch them on. */
  readonly features: Features;
  /** Gives the files of the UI by path below `/ui/`; `index.html` is the page. */
  readonly assets: () => Promise<ReadonlyMap<string, Asset>>;
  /** Where `/events` takes its events from. */
  readonly bus: EventBus;
}
