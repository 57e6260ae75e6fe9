import type { Config, ServerConfig } from "../../contracts/mod.ts";
import type { Logger } from "../../observability/mod.ts";
import type { Clock } from "../../platform/mod.ts";
import type {
  ApprovalRecord,
  Definition,
  DefinitionHash,
  DefinitionKind,
  Scanner,
} from "../../security/mod.ts";
import type { Storage } from "../../storage/mod.ts";
import type { TrustEntry } from "./book_types.ts";
import type { Renewal } from "./renewal.ts";

/** What trust is built on. */
export interface TrustOptions {
  readonly storage: Pick<Storage, "approvals" | "replacedAt">;
  readonly scanner: Pick<Scanner, "scan" | "rules">;
  readonly config: () => Config;
  readonly log: Pick<Logger, "warn" | "error">;
  readonly now: () => number;
  /** Work on long lists is done in slices by it; in one go where it is absent. */
  readonly clock?: Pick<Clock, "monotonic" | "after">;
}

/** One definition that a person decides about. */
export interface TrustChoice {
  readonly kind: DefinitionKind;
  readonly name: string;
  /** The form the person has looked at; the current one when absent. */
  readonly hash?: DefinitionHash;
}

/** What has become of one definition. */
export interface TrustChange {
  /** `undefined` for one that is new. */
  readonly from: ApprovalRecord | undefined;
  readonly to: ApprovalRecord;
}

/** What is known of a form: somebody has refused it, nobody has accepted it, or it is accepted, or scanned as well. */
export type Standing = "refused" | "held" | "accepted" | "scanned";

/** Told that other definitions of a kind may be used now, with the decisions that are worth telling. */
export type TrustListener = (server: string, kind: DefinitionKind, changes: readonly TrustChange[]) => void;

/**
 * Who decides what of a server agents may see and use: whatever is not known,
 * or differs from what was accepted, they may not.
 */
export interface Trust extends AsyncDisposable {
  /** Version of the scan rules in force. */
  readonly rules: string;
  /**
   * Tells whether a definition is exactly the one that was accepted. Cheap for
   * an object that was asked about before.
   */
  isAccepted(server: string, kind: DefinitionKind, name: string, definition: Definition): boolean;
  /**
   * Tells the same of a form by its hash, as {@link hashOf} gave it for the
   * definition and as it was kept with it, and whether it was scanned.
   */
  standingOf(server: string, kind: DefinitionKind, name: string, hash: DefinitionHash | undefined): Standing;
  /** The hash of a definition, `undefined` for one that has none; cheap for an object that was asked about. */
  hashOf(kind: DefinitionKind, definition: Definition): DefinitionHash | undefined;
  /** Takes the hash that was kept with a definition for right, rather than work it out again. */
  recall(definition: Definition, hash: DefinitionHash): void;
  /**
   * Tells whether {@link review} would find nothing to do in a whole list of
   * these names, all of which are accepted and scanned.
   */
  isSettled(server: string, kind: DefinitionKind, names: ReadonlySet<string>): boolean;
  /** Tells whether a list of this kind was taken from the server since it was let in. */
  hasStarted(server: string, kind: DefinitionKind): boolean;
  /** What is known of a definition. */
  find(server: string, kind: DefinitionKind, name: string): TrustEntry | undefined;
  /** All that is known, of one server or of all. */
  entries(server?: string): readonly TrustEntry[];
  /**
   * Takes a list as a server has shown it. What differs from what was accepted
   * is held at once, of a long list when its hashes are known; resolves when the rest is decided, and that is on the disk.
   *
   * @param options `isWhole` is `false` for a part of a list; what is not in it counts as gone otherwise.
   */
  review(
    server: ServerConfig,
    kind: DefinitionKind,
    definitions: readonly Definition[],
    options?: { readonly isWhole?: boolean },
  ): Promise<void>;
  /**
   * Accepts definitions as they are now; resolves when that is on the disk.
   *
   * @throws {GatewayError} MCPX_TOOL_NOT_FOUND, MCPX_INVALID_INPUT — not shown; MCPX_APPROVAL_CONFLICT — has
   * changed since it was looked at; MCPX_DISK_FULL, MCPX_STORAGE_FAILED. Nothing is accepted then.
   */
  approve(server: string, choices: readonly TrustChoice[], by: string): Promise<readonly TrustChange[]>;
  /** Refuses definitions in this and every later form. @throws {GatewayError} As {@link approve}. */
  reject(server: string, choices: readonly TrustChoice[]): Promise<readonly TrustChange[]>;
  /** Scans again what is known of servers. */
  rescan(servers: readonly string[]): Promise<void>;
  /**
   * Scans again what was scanned by other rules than those in force, and says
   * what is found now that was not before. Nothing that was accepted is held
   * for it, and what cannot be scanned whole keeps the scan that it has.
   */
  renew(servers: readonly string[]): Promise<Renewal>;
  /** Resolves when every list taken so far is decided about. */
  settled(): Promise<void>;
  /** Forgets a server that was removed. */
  forget(server: string): Promise<void>;
  onChange(listener: TrustListener): Disposable;
}
