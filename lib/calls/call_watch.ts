import type { Addendum } from "../activity/mod.ts";
import type { ActivityEntry, GatewayError } from "../contracts/mod.ts";

/** What a call, or another request for a server, is known to be from the start. */
export type TrackSubject =
  & Pick<ActivityEntry, "type" | "server_name" | "tool_name" | "arguments" | "metadata">
  & Partial<Pick<ActivityEntry, "intent">>;

/** Hears on its way what becomes of one call, for the record of it. */
export interface CallWatch {
  /** The policies have let it through. */
  allowed(): void;
  /** It is on its way to the server, or to the tool of the gateway itself. */
  sent(): void;
  /** What in fact goes to the server, in place of what came. */
  sends(args: unknown): void;
  /** Something that its record tells beside the rest. */
  notes(facts: Readonly<Record<string, unknown>>): void;
  /** Why it is answered with a failure, if the gateway says so. */
  failed(error: GatewayError): void;
  /** It is sent once more, since its connection broke. */
  repeated(): void;
  /** It belongs to an earlier request. */
  partOf(requestId: string): void;
  /** The record waits for this; should it reject, the record goes without. */
  append(addendum: Promise<Addendum>): void;
}
