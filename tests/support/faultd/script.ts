/**
 * The words in which a test says what `faultd` is to do wrong.
 *
 * @module
 */

/** A JSON-RPC message. */
export type Message = Readonly<Record<string, unknown>>;

/** What the process does, whatever it was asked. */
export type ProcessFault =
  /** Ends the process; over HTTP of an embedded server it drops every connection instead. */
  | { readonly kind: "exit"; readonly code?: number }
  /** Takes no notice of a signal, or of the end of its input. */
  | { readonly kind: "ignore"; readonly what: "SIGTERM" | "SIGINT" | "end" }
  /** Never reads its input (any more). */
  | { readonly kind: "deaf" }
  /** Starts processes that sleep; `session`: in a session of their own; `stubborn`: SIGTERM does not end them. */
  | {
    readonly kind: "fork";
    readonly count?: number;
    readonly session?: boolean;
    readonly stubborn?: boolean;
    /** They hold standard output open. */
    readonly holdOutput?: boolean;
  }
  /** Writes lines to standard error. */
  | { readonly kind: "stderr"; readonly lines?: number; readonly bytes?: number }
  /** Writes lines to standard output that are no messages. */
  | { readonly kind: "garbage"; readonly lines?: number; readonly text?: string };

/** What the answer says. */
export type AnswerFault =
  | { readonly kind: "result"; readonly result: unknown }
  | { readonly kind: "error"; readonly code: number; readonly message?: string; readonly data?: unknown }
  /** Neither result nor error. */
  | { readonly kind: "empty" }
  /** Makes the whole answer about so many bytes long. */
  | { readonly kind: "size"; readonly bytes: number }
  /** Another id than that of the request, of whatever type. */
  | { readonly kind: "id"; readonly id: unknown }
  /**
   * Text in place of the answer: a line over stdio, a body over HTTP. `$ID` is the id of the request,
   * `$FILL` the text of `fill` so many times.
   */
  | {
    readonly kind: "raw";
    readonly text: string;
    readonly fill?: readonly [text: string, times: number];
    readonly type?: string;
  }
  /** The same answer again. */
  | { readonly kind: "duplicate"; readonly times?: number }
  /** A list that goes on for ever; `circle`: with the same cursor. */
  | { readonly kind: "endless"; readonly circle?: boolean; readonly perPage?: number }
  /** Messages before the answer. */
  | { readonly kind: "notify"; readonly message: Message; readonly times?: number }
  /** `list_changed` of tools, many times. */
  | { readonly kind: "storm"; readonly times?: number };

/** When and how the answer is carried. */
export type DeliveryFault =
  | { readonly kind: "delay"; readonly ms: number }
  /** No answer at all. */
  | { readonly kind: "hang" }
  /** The answer comes once the request was cancelled. */
  | { readonly kind: "late" }
  /** Only the first bytes; over HTTP those of the whole response, its head included. */
  | {
    readonly kind: "partial";
    readonly bytes: number;
    /** What comes then; `reset` is an RST over TCP and an exit over stdio. */
    readonly then?: "hang" | "close" | "reset";
  }
  /** In pieces of so many bytes, with a pause between them. */
  | { readonly kind: "split"; readonly bytes: number; readonly pauseMs?: number };

/** What only HTTP can do wrong. */
export type HttpFault =
  | { readonly kind: "status"; readonly status: number; readonly body?: string }
  /** Forgets every session before it looks at the request, which gets a 404 then. */
  | { readonly kind: "forget" }
  /** Ends every open stream. */
  | { readonly kind: "hangUp" };

/** One thing done wrong. */
export type Fault = ProcessFault | AnswerFault | DeliveryFault | HttpFault;

/** Which requests are answered wrongly, and how. */
export interface Rule {
  /** Method, or `tools/call NAME`; every request if absent. */
  readonly on?: string;
  /** Which of the requests that fit, counted from 1, or the first and the last of them; all if absent. */
  readonly nth?: number | readonly [number, number];
  readonly do: Fault | readonly Fault[];
}

/** What a `faultd` is to do. */
export interface Script {
  /** Revision it speaks; `both` knows the handshake of either. Default `legacy`. */
  readonly era?: "legacy" | "modern" | "both";
  /** Tools beside `echo` and `fault`, by name or as they are to be listed, be it wrong. */
  readonly tools?: readonly unknown[];
  /** Over HTTP: answers as an event stream instead of JSON. */
  readonly stream?: boolean;
  /** Before anything is read. */
  readonly start?: readonly ProcessFault[];
  readonly rules?: readonly Rule[];
}

/** Counts requests and tells what is to go wrong with each. */
export interface Conductor {
  readonly script: () => Script;
  /** Faults for a request, those of all rules that fit, in their order. */
  faultsFor(request: Message): readonly Fault[];
  /** Takes another script and counts anew. */
  load(script: Script): void;
}

/** Makes a conductor. Calls of the tool `fault` bring their own faults in the argument `do`. */
export function createConductor(first: Script): Conductor {
  let script = first;
  let counts = new Map<Rule, number>();

  function isDue(rule: Rule, request: Message): boolean {
    if (!fits(rule.on, request)) return false;
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    const { nth } = rule;
    if (nth === undefined) return true;
    const [from, to] = typeof nth === "number" ? [nth, nth] : nth;
    return count >= from && count <= to;
  }

  return {
    script: () => script,
    load(next) {
      script = next;
      counts = new Map();
    },
    faultsFor(request) {
      const ruled = (script.rules ?? []).filter((rule) => isDue(rule, request)).flatMap((rule) => rule.do);
      const { name, arguments: args } = paramsOf(request) as { name?: string; arguments?: { do?: Fault[] } };
      return request.method === "tools/call" && name === "fault" ? [...ruled, ...args?.do ?? []] : ruled;
    },
  };
}

function fits(on: string | undefined, request: Message): boolean {
  if (on === undefined || on === request.method) return true;
  return on === `${request.method} ${paramsOf(request).name}`;
}

/** Params of a message; an empty object if there are none. */
export function paramsOf({ params }: Message): Message {
  return typeof params === "object" && params !== null ? params as Message : {};
}
