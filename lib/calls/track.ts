import {
  type ActivityEntry,
  type ActivityStatus,
  ERROR_KINDS,
  type ErrorCode,
  GatewayError,
  isErrorCode,
  type ToolResult,
} from "../contracts/mod.ts";
import { type Addendum, type Origin, toOriginFields } from "../activity/mod.ts";
import type { CallWatch, TrackSubject } from "./call_watch.ts";
import type { CallContext, DispatchOptions } from "./context.ts";
import { META_KEY } from "./outcome.ts";

/**
 * Watches one call for the record of it. Every call ends by exactly one of
 * {@link CallTrack.end} and {@link CallTrack.fail}, and becomes exactly one
 * record. Costs a few objects: whatever takes time, such as removing secrets
 * from arguments and result, is done by the writer of the record.
 */
export class CallTrack implements CallWatch {
  readonly #options: Pick<DispatchOptions, "platform" | "activity">;
  #subject: TrackSubject;
  readonly #context: CallContext;
  readonly #startedAt: number;
  #isAllowed = false;
  #isSent = false;
  #error: GatewayError | undefined;
  #addendum: Promise<Addendum> | undefined;
  #attempts = 1;
  #parentId: string | undefined;

  constructor(
    options: Pick<DispatchOptions, "platform" | "activity">,
    subject: TrackSubject,
    context: CallContext,
  ) {
    this.#options = options;
    this.#subject = subject;
    this.#context = context;
    this.#startedAt = options.platform.clock.monotonic();
  }

  /** Milliseconds since the call came. */
  get tookMs(): number {
    return this.#options.platform.clock.monotonic() - this.#startedAt;
  }

  allowed(): void {
    this.#isAllowed = true;
  }

  sent(): void {
    this.#isSent = true;
  }

  sends(args: unknown): void {
    this.#subject = { ...this.#subject, arguments: args };
  }

  notes(facts: Readonly<Record<string, unknown>>): void {
    this.#subject = { ...this.#subject, metadata: { ...this.#subject.metadata, ...facts } };
  }

  failed(error: GatewayError): void {
    this.#error = error;
  }

  repeated(): void {
    this.#attempts++;
  }

  partOf(requestId: string): void {
    this.#parentId = requestId;
  }

  append(addendum: Promise<Addendum>): void {
    this.#addendum = addendum;
  }

  /** It was answered. */
  end(result: unknown): void {
    const error = this.#error;
    const problem = error ?? problemOf(result);
    const status = error !== undefined
      ? statusOf(error, { isAllowed: this.#isAllowed, isSent: this.#isSent })
      : problem === undefined
      ? "success"
      : "error";
    this.#record(status, problem, result);
  }

  /** It ended without an answer of its own: it was cancelled, or the server answered with an error. */
  fail(thrown: unknown): void {
    const { signal } = this.#context;
    const error = thrown instanceof GatewayError ? thrown : this.#error;
    const problem = error ?? { code: this.#codeOf(thrown), message: toMessage(thrown) };
    if (!signal.aborted) {
      const status = error === undefined
        ? "error"
        : statusOf(error, { isAllowed: this.#isAllowed, isSent: this.#isSent });
      return this.#record(status, problem, undefined);
    }
    const { reason } = signal;
    this.#record("cancelled", reason instanceof GatewayError ? reason : undefined, undefined);
  }

  /** What no server had a part in is a mistake of the client. */
  #codeOf(thrown: unknown): ErrorCode {
    if (this.#subject.server_name !== undefined) return "MCPX_TOOL_FAILED";
    return Reflect.get(Object(thrown), "code") === INVALID_PARAMS ? "MCPX_INVALID_INPUT" : "MCPX_INTERNAL";
  }

  #record(
    status: ActivityStatus,
    problem: Problem | undefined,
    response: unknown,
  ): void {
    const { activity } = this.#options;
    if (activity === undefined) return;
    const subject = this.#subject;
    const isBlocked = status === "blocked";
    const entry: ActivityEntry = {
      ...subject,
      ...toOriginFields(originOf(this.#context)),
      // What was refused is on record as a decision, unless it is about something else than a tool.
      type: isBlocked && subject.type === "tool_call" ? "policy_decision" : subject.type,
      status,
      error_code: problem?.code,
      error_message: problem?.message,
      duration_ms: this.#isSent ? this.tookMs : undefined,
      // What was kept back for what is in it is not kept here either.
      arguments: problem?.code === "MCPX_SENSITIVE_DATA" && !this.#isSent ? undefined : subject.arguments,
      response: isBlocked ? undefined : response,
      metadata: isBlocked
        ? { ...subject.metadata, decision: "blocked", reason: problem?.code }
        : status === "rejected"
        ? { ...subject.metadata, ...rejectionOf(problem) }
        : this.#attempts > 1
        ? { ...subject.metadata, attempts: this.#attempts }
        : subject.metadata,
    };
    activity.record(
      this.#parentId === undefined ? entry : { ...entry, parent_id: this.#parentId },
      this.#addendum,
    );
  }
}

/** What went wrong, as far as records tell it. */
interface Problem {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Which limit has turned a call away, and when it may come again. */
function rejectionOf(problem: Problem | undefined): Readonly<Record<string, unknown>> {
  const { reason, scope, limit, retry_after_ms } = problem?.details ?? {};
  return { reason, scope, limit, retry_after_ms };
}

/** Where a call comes from, as records tell it. */
export function originOf({ caller, requestId, from }: CallContext): Origin {
  return { ...from, caller, requestId };
}

/**
 * Sorts a failure of the gateway: until a call is let through, whatever is no
 * mistake of the caller is a decision against it. Pure.
 */
export function statusOf(
  { code }: GatewayError,
  { isAllowed, isSent }: { readonly isAllowed: boolean; readonly isSent: boolean },
): ActivityStatus {
  if (code === "MCPX_CALL_CANCELLED") return "cancelled";
  const { status } = ERROR_KINDS[code];
  if (status === 429) return "rejected";
  if (status === 404 || status === 400) return "error";
  return !isAllowed || (status === 403 && !isSent) ? "blocked" : "error";
}

const MAX_MESSAGE = 2_000;
/** Of JSON-RPC. */
const INVALID_PARAMS = -32602;

/** What a result says of its failure; `undefined` if it is none. */
function problemOf(result: unknown): { readonly code: string; readonly message: string } | undefined {
  const { isError, content, _meta: meta } = Object(result) as Partial<ToolResult>; // each field is looked at
  if (isError !== true) return undefined;
  const facts: unknown = Object(meta)[META_KEY];
  const code: unknown = Object(facts).code;
  const text: unknown = Array.isArray(content) ? content[0]?.text : undefined;
  return {
    code: typeof code === "string" && isErrorCode(code) ? code : "MCPX_TOOL_FAILED",
    message: typeof text === "string" ? text.slice(0, MAX_MESSAGE) : "The tool reported a failure",
  };
}

function toMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
