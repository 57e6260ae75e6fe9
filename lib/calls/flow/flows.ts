/**
 * What of servers nobody vouches for has reached each agent, and what a person
 * has said about writing elsewhere after that. Kept in memory: it lasts as long
 * as the agent remembers what it has read.
 *
 * @module
 */

import { GatewayError, type ToolRef } from "../../contracts/mod.ts";
import type { Clock, Random } from "../../platform/mod.ts";

/** What has become of a request for consent. `once` and `session` say how far it goes. */
export type ConsentStatus = "pending" | "once" | "session" | "denied";

/** One call that takes, or took, a person's consent. */
export interface Consent extends ToolRef {
  readonly id: string;
  readonly status: ConsentStatus;
  /** Key of the agent; what it is told by is in `who`. */
  readonly agent: string;
  readonly who: ConsentWho;
  /** Servers whose text had reached the agent by then. */
  readonly sources: readonly string[];
  /** Of its arguments; consent to one call is worth nothing for another. */
  readonly digest: string;
  /** As people are shown them: without secrets, and not too long. */
  readonly args: unknown;
  readonly requestedAt: number;
  readonly decidedAt?: number;
}

/** Who wants to make the call, by its own word but for the caller. */
export interface ConsentWho {
  readonly caller: string;
  readonly clientName?: string;
  readonly session?: string;
}

/** A call as consent is given for it. */
export type FlowCall = Pick<Consent, "agent" | "server" | "tool" | "digest" | "sources">;

/** Keeps account of what agents have read. */
export interface Flows {
  /** Text of a server has reached an agent. */
  heard(agent: string, server: string): void;
  /** Servers other than this one whose text has reached an agent; empty for none. */
  sources(agent: string, server: string): readonly string[];
  /** Takes a person's word on a call: what was allowed once is used up by it. */
  take(call: FlowCall): "allowed" | "denied" | undefined;
  /** Asks for a person's word; the same call is asked about once. */
  want(call: FlowCall, shown: Pick<Consent, "who" | "args">): Consent;
  /** All of agents that are still there, oldest first. */
  list(): Consent[];
  /** @throws {GatewayError} MCPX_CONSENT_NOT_FOUND — no such request, or it was used up or forgotten. */
  decide(id: string, status: Exclude<ConsentStatus, "pending">): Consent;
}

/** What the account works with. */
export interface FlowsOptions {
  readonly clock: Pick<Clock, "now">;
  readonly random: Pick<Random, "uuid">;
  /** Hears of each request and of each decision; must be quick. */
  readonly onChange?: (consent: Consent) => void;
}

interface Agent {
  readonly heard: Set<string>;
  readonly consents: Map<string, Consent>;
  lastAt: number;
}

/** As long as a session that is not used lasts. */
const IDLE_MS = 30 * 60_000;
const MAX_AGENTS = 10_000;
/** An agent that asks for one thing after the other fills neither the memory nor the list of a person. */
const MAX_CONSENTS = 50;
const NOTHING: readonly string[] = [];

/** Opens an empty account. */
export function createFlows({ clock, random, onChange = () => {} }: FlowsOptions): Flows {
  /** In order of last use: the first is the one to go. */
  const agents = new Map<string, Agent>();

  function find(key: string): Agent | undefined {
    const agent = agents.get(key);
    if (agent === undefined || clock.now() - agent.lastAt <= IDLE_MS) return agent;
    agents.delete(key);
    return undefined;
  }

  function use(key: string): Agent {
    const agent = find(key) ?? { heard: new Set(), consents: new Map(), lastAt: 0 };
    agent.lastAt = clock.now();
    agents.delete(key);
    agents.set(key, agent);
    const [oldest] = agents.keys();
    if (agents.size > MAX_AGENTS && oldest !== undefined) agents.delete(oldest);
    return agent;
  }

  function put(agent: Agent, consent: Consent): Consent {
    agent.consents.set(consent.id, consent);
    const oldest = [...agent.consents.values()].find(({ status }) => status !== "session");
    if (agent.consents.size > MAX_CONSENTS && oldest !== undefined) agent.consents.delete(oldest.id);
    onChange(consent);
    return consent;
  }

  return {
    heard(key, server) {
      const agent = find(key);
      // Every call of an agent comes by here; moving it to the end can wait until it reads something new.
      if (agent?.heard.has(server)) agent.lastAt = clock.now();
      else use(key).heard.add(server);
    },
    sources(key, server) {
      const agent = find(key);
      if (agent === undefined || agent.heard.size === 0) return NOTHING;
      if (agent.heard.size === 1 && agent.heard.has(server)) return NOTHING;
      return [...agent.heard].filter((one) => one !== server).sort();
    },
    take(call) {
      const consents = [...find(call.agent)?.consents.values() ?? []];
      // A no to this very call stands, whatever else was allowed.
      const told = consents.find((consent) => consent.status === "denied" && isSameCall(consent, call)) ??
        consents.find((consent) => appliesTo(consent, call));
      if (told === undefined || told.status === "pending") return undefined;
      if (told.status === "once") find(call.agent)?.consents.delete(told.id);
      return told.status === "denied" ? "denied" : "allowed";
    },
    want(call, shown) {
      const agent = use(call.agent);
      const known = [...agent.consents.values()].find((one) => isSameCall(one, call));
      if (known?.status === "pending" && covers(known, call)) return known;
      if (known !== undefined) agent.consents.delete(known.id);
      const id = `c-${random.uuid().slice(0, 8)}`;
      return put(agent, { ...call, ...shown, id, status: "pending", requestedAt: clock.now() });
    },
    list() {
      const all = [...agents.keys()].flatMap((key) => [...find(key)?.consents.values() ?? []]);
      return all.sort((a, b) => a.requestedAt - b.requestedAt);
    },
    decide(id, status) {
      for (const key of [...agents.keys()]) {
        const agent = find(key);
        const known = agent?.consents.get(id);
        if (agent === undefined || known === undefined) continue;
        return put(agent, { ...known, status, decidedAt: clock.now() });
      }
      throw new GatewayError(
        "MCPX_CONSENT_NOT_FOUND",
        `Cannot find consent "${id}": nothing is asked under this id`,
        {
          details: { consent: id },
        },
      );
    },
  };
}

/** Consent for a session is for all that is written to one server; any other word is for one call. */
function appliesTo(consent: Consent, call: FlowCall): boolean {
  if (consent.status === "denied") return isSameCall(consent, call);
  if (!covers(consent, call)) return false;
  return consent.status === "session" ? consent.server === call.server : isSameCall(consent, call);
}

/** Whoever has read something else since then is asked about anew. */
function covers({ sources }: Consent, call: FlowCall): boolean {
  return call.sources.every((source) => sources.includes(source));
}

function isSameCall(consent: Consent, { server, tool, digest }: FlowCall): boolean {
  return consent.server === server && consent.tool === tool && consent.digest === digest;
}
