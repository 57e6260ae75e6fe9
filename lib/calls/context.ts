import type { Activity, Origin } from "../activity/mod.ts";
import type { Caller, ClientPeer, Config } from "../contracts/mod.ts";
import type { Logger } from "../observability/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import type { Storage } from "../storage/mod.ts";
import type { CallWatch, TrackSubject } from "./call_watch.ts";
import type { ResultCache } from "./large/mod.ts";
import type { Flows } from "./flow/flows.ts";
import type { Limits } from "./limits.ts";
import type { Inspector } from "./inspect/inspector.ts";
import type { Scope } from "./scope.ts";

/** Where a call comes from and how it is watched. */
export interface CallContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly signal: AbortSignal;
  /** The part of the gateway the caller reaches; everything when absent. */
  readonly scope?: Scope;
  /** The client, for what a server asks while it works on the call. */
  readonly peer?: ClientPeer;
  /** Called when the server lets its answer rest, to be taken up again later. */
  readonly onPause?: () => void;
  /** Gets the params of each progress notification of the server. */
  readonly onProgress?: (params: Readonly<Record<string, unknown>>) => void;
  /** A call that the limits turn away throws, for surfaces with a status of their own for that. */
  readonly throwsWhenBusy?: boolean;
  /** What else the surface knows of where the call comes from, for the record of it. */
  readonly from?: Omit<Origin, "caller" | "requestId">;
  /** Watches the call for the record of it; the pipeline sets it. */
  readonly track?: CallWatch;
}

/** What the pipeline works with. */
export interface DispatchOptions {
  readonly platform: Platform;
  readonly config: () => Config;
  readonly runtime: Runtime;
  readonly storage: Storage;
  readonly log: Logger;
  /** Limits of calls at once; none when absent. */
  readonly limits?: Limits;
  /** Looks for secrets and for results that do not fit; nothing is looked for when absent. */
  readonly inspector?: Inspector;
  /** Keeps account of what agents have read; they may write anywhere when absent. */
  readonly flows?: Flows;
  /** Keeps results that are too long; they are handed over whole when absent. */
  readonly results?: ResultCache;
  /** Keeps the records of calls; none are kept when absent. */
  readonly activity?: Pick<Activity, "record">;
  /** Hears of each call of a server's tool before anything is decided about it; must be quick. */
  readonly onStart?: (subject: TrackSubject, context: CallContext) => void;
}
