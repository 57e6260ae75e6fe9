import type { ToolDefinition, ToolRef } from "../contracts/mod.ts";
import type { ToolExplanation } from "./explain.ts";

/** A tool of which not everything may have been read yet. */
export interface ToolSource {
  readonly name: string;
  /** The same for the same definition, and for no other of this tool. */
  readonly version: string;
  /** Asked for when it has to be read. */
  readonly definition: ToolDefinition;
}

/** How a search is to be done. */
export interface ToolSearchOptions {
  /** Most tools returned. */
  readonly limit: number;
  /**
   * Whether the caller may see a tool; asked once for every tool that suits,
   * before any is ranked. What is refused does not influence the rest.
   */
  readonly accept?: (server: string, tool: string) => boolean;
  /** Only tools of these servers; all when absent. */
  readonly servers?: readonly string[];
  /** How often a tool was called, which lifts it a little; does not count when absent. */
  readonly usage?: (server: string, tool: string) => number;
}

/** A tool that suits a query. */
export interface ToolHit {
  readonly server: string;
  readonly tool: string;
  /** Higher is better; comparable within one search only. */
  readonly score: number;
  /** How many different words of the query the tool answers. */
  readonly matches: number;
}

/** Finds tools by words. */
export interface ToolIndex {
  /**
   * Makes these the tools of the server; what has not changed is not touched.
   *
   * @param saved What {@link ToolIndex.saveServer} gave for the server; where
   * it fits the tools, they need not be read anew. Anything else does no harm.
   * @returns How many tools were read anew.
   */
  replaceServer(server: string, tools: readonly ToolDefinition[], saved?: Uint8Array): number;
  /** Does the same with tools that tell their versions; those that are known or saved are not read. */
  takeServer(server: string, tools: readonly ToolSource[], saved?: Uint8Array): number;
  /**
   * Does it with a tool at each step, for whoever does not do all of it at once. What is searched meanwhile holds each
   * tool as it was or as it will be. Tools of one server are taken by one at a time.
   */
  stepsToTake(server: string, tools: readonly ToolSource[], saved?: Uint8Array): Generator<void, number>;
  removeServer(server: string): void;
  /** The part of the index that belongs to a server, to be kept with its tools; empty if it has none. */
  saveServer(server: string): Uint8Array;
  /** Gives the same with a tool at each step. */
  stepsToSave(server: string): Generator<void, Uint8Array>;
  /**
   * Finds the tools that suit a query, best first, equals in order of their
   * id. A query that is the name or the id of a tool finds that first, in
   * whatever way it is written. Never fails and never takes long, whatever the
   * query is.
   */
  search(query: string, options: ToolSearchOptions): ToolHit[];
  /** Says what stands behind the place of a tool, `undefined` if it is not in the index. */
  explain(
    query: string,
    tool: ToolRef,
    options?: Omit<ToolSearchOptions, "limit">,
  ): ToolExplanation | undefined;
  /** Tools in the index. */
  readonly size: number;
  /** Another number after each change. */
  readonly revision: number;
  /**
   * Takes what {@link ToolIndex.stepsToSnapshot} gave, into an index without tools. Nobody finds the tools of a
   * server before it has said which it has, by one of the ways to take them; what was kept of them in the same form
   * need not be read anew.
   *
   * @param snapshot Belongs to the index from now on.
   * @returns Whether it was usable; anything else does no harm.
   */
  restore(snapshot: Uint8Array): boolean;
  /** Servers of a snapshot that have not said which tools they have. */
  readonly waiting: readonly string[];
  /** Gives the whole index in one piece; `undefined` if it changes meanwhile, or cannot be given yet or at all. */
  stepsToSnapshot(): Generator<void, Uint8Array | undefined>;
}
