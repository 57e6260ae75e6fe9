import type { Fault, Script } from "../faultd/mod.ts";

/** One thing that a hostile server does, and how a person gets to know of it. */
export interface Behaviour {
  /** Unique, in words. */
  readonly name: string;
  readonly script: Script;
  /** Over stdio in place of HTTP: what only a process can do. */
  readonly stdio?: true;
  /** Tool that is called; `echo` when absent, and none at all if it is `false`. */
  readonly tool?: string | false;
  /** More of the server's entry. */
  readonly entry?: Readonly<Record<string, unknown>>;
  /**
   * What is to be found in what a person can see of the server: its view, its tools, the result of the call,
   * and its log.
   */
  readonly says: RegExp;
}

/** A call that is answered wrongly. */
export function onCall(name: string, says: RegExp, ...faults: readonly Fault[]): Behaviour {
  return { name, says, script: { rules: [{ on: "tools/call echo", do: faults }] } };
}

/** The same over an event stream, where more than an answer can be said. */
export function onStream(name: string, says: RegExp, ...faults: readonly Fault[]): Behaviour {
  return { name, says, script: { stream: true, rules: [{ on: "tools/call echo", do: faults }] } };
}

/** A result that no honest server gives. */
export function result(name: string, says: RegExp, value: unknown): Behaviour {
  return onCall(name, says, { kind: "result", result: value });
}

/** A result as it is written, since no honest JSON writer writes it. */
export function raw(name: string, says: RegExp, text: string, fill?: readonly [string, number]): Behaviour {
  return onCall(name, says, { kind: "raw", text, fill });
}

/** A definition of a tool beside the honest ones; the honest one is called. */
export function defines(name: string, says: RegExp, ...tools: readonly unknown[]): Behaviour {
  return { name, says, script: { tools } };
}

/** A wrong answer to a method other than a call. */
export function answers(name: string, says: RegExp, on: string, ...faults: readonly Fault[]): Behaviour {
  return { name, says, script: { rules: [{ on, do: faults }] } };
}

/** What a process does. */
export function runs(name: string, says: RegExp, script: Script): Behaviour {
  return { name, says, script, stdio: true };
}

/** A tool definition with changes. */
export function tool(more: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { name: "bait", description: "Bait", inputSchema: { type: "object" }, ...more };
}

/** An answer as its server writes it. */
export function answer(body: string): string {
  return `{"jsonrpc":"2.0","id":$ID,"result":${body}}`;
}
