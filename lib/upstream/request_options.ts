import type { ClientPeer } from "../contracts/mod.ts";

/** How one request is to be carried out. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  /** Longest time without an answer or progress; with progress, up to ten times as long in all; may be `Infinity`. */
  readonly timeoutMs?: number;
  readonly onProgress?: (params: Readonly<Record<string, unknown>>) => void;
  /** On whose behalf; what the server asks or says while it works on the request goes there. */
  readonly peer?: ClientPeer;
  /** Called when the server lets its answer rest, to be taken up again later. */
  readonly onPause?: () => void;
  /** Further headers, where the wire has headers. */
  readonly headers?: Readonly<Record<string, string>>;
}
