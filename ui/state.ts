/**
 * What the page knows of the gateway, and who wants to hear when that changes.
 *
 * @module
 */

import type { ApprovalView, ConsentView, ServerView, Status, VerbOutput } from "../lib/contracts/mod.ts";
import { type Api, Refusal } from "./api.ts";
import type { LiveEvent } from "./live.ts";

/** What is known now. */
export interface Known {
  readonly status?: Status;
  readonly servers: readonly ServerView[];
  readonly stats?: VerbOutput<"servers.list">["stats"];
  /** What is not approved, rejected ones included; absent until it was read. */
  readonly held?: readonly ApprovalView[];
  /** Why what is held cannot be read: an agent may not see it. */
  readonly heldError?: string;
  /** Calls of agents that wait for a person's word; absent for who may not give it. */
  readonly consents?: readonly ConsentView[];
  readonly isLive: boolean;
}

/** Keeps what is known. */
export interface State {
  readonly known: Known;
  /** Calls at once and after every change, until the signal. */
  watch(listener: (known: Known) => void, signal: AbortSignal): void;
  /** Hears events as they come, until the signal. */
  listen(listener: (event: LiveEvent) => void, signal: AbortSignal): void;
  hear(event: LiveEvent): void;
  setLive(isLive: boolean): void;
  /** Reads everything anew. @throws {Refusal} */
  load(): Promise<void>;
  /** Reads what is held anew. @throws {Refusal} */
  loadHeld(): Promise<void>;
  /** Reads anew what agents ask for. @throws {Refusal} */
  loadConsents(): Promise<void>;
}

/** Servers may change by the hundred a second; nobody reads faster than this. */
const CALM_MS = 300;
const LONGEST_CALM_MS = 5_000;

/** Creates the state; `tell` gets what goes wrong while news are read. */
export function createState(api: Api, tell: (error: unknown) => void): State {
  let known: Known = { servers: [], isLive: false };
  const watchers = new Set<(known: Known) => void>();
  const listeners = new Set<(event: LiveEvent) => void>();

  function set(change: Partial<Known>): void {
    known = { ...known, ...change };
    for (const watcher of watchers) watcher(known);
  }

  async function loadServers(): Promise<void> {
    const [status, list] = await Promise.all([
      api.ask<"status.get">("GET", "/status"),
      api.ask<"servers.list">("GET", "/servers"),
    ]);
    const isOther = namesOf(list.servers) !== namesOf(known.servers);
    set({ status, servers: list.servers, stats: list.stats });
    // With a server comes and goes what it showed.
    if (isOther) held();
  }

  async function loadHeld(): Promise<void> {
    try {
      const { approvals } = await api.ask<"approvals.list">("GET", "/approvals?status=held");
      set({ held: approvals, heldError: undefined });
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 403) throw error;
      set({ held: undefined, heldError: error.message });
    }
  }

  async function loadConsents(): Promise<void> {
    try {
      const { consents } = await api.ask<"consents.list">("GET", "/consents?status=pending");
      set({ consents });
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 403) throw error;
      set({ consents: undefined });
    }
  }

  const servers = calmly(loadServers, tell);
  const held = calmly(loadHeld, tell);
  const consents = calmly(loadConsents, tell);

  return {
    get known() {
      return known;
    },
    watch(listener, signal) {
      watchers.add(listener);
      signal.addEventListener("abort", () => watchers.delete(listener), { once: true });
      listener(known);
    },
    listen(listener, signal) {
      listeners.add(listener);
      signal.addEventListener("abort", () => listeners.delete(listener), { once: true });
    },
    hear(event) {
      const { type } = event;
      if (type === "snapshot" || type === "gap") {
        servers();
        held();
        consents();
      }
      if (/^(?:(?:servers|config|storage|security)\.|activity\.(?:tool_)?quarantine_change)/.test(type)) {
        servers();
      }
      if (/^(?:activity\.(?:tool_)?quarantine_change|security\.)/.test(type)) held();
      if (/^consent\./.test(type)) consents();
      for (const listener of listeners) listener(event);
    },
    setLive(isLive) {
      if (isLive !== known.isLive) set({ isLive });
    },
    async load() {
      await Promise.all([loadServers(), loadHeld(), loadConsents()]);
    },
    loadHeld,
    loadConsents,
  };
}

function namesOf(servers: readonly ServerView[]): string {
  return JSON.stringify(servers.map(({ name, quarantined }) => [name, quarantined]));
}

/**
 * Does a work soon after it is asked for, once however often that is, and never
 * twice at the same time. Work that takes long is done less often.
 */
export function calmly(work: () => Promise<void>, tell: (error: unknown) => void): () => void {
  let isAsked = false;
  let isRunning = false;
  let waitMs = CALM_MS;

  async function run(): Promise<void> {
    isRunning = true;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    isAsked = false;
    const startedAt = performance.now();
    await work().catch(tell);
    waitMs = Math.max(CALM_MS, Math.min(LONGEST_CALM_MS, 4 * (performance.now() - startedAt)));
    isRunning = false;
    if (isAsked) void run();
  }

  return () => {
    isAsked = true;
    if (!isRunning) void run();
  };
}
