import type { Clock } from "../platform/mod.ts";
import type { Runtime, ServerRecord } from "../runtime/mod.ts";
import { type DefinitionKind, nameOfDefinition } from "../security/mod.ts";
import type { Offer, OfferKind } from "../upstream/mod.ts";
import { isExposed } from "./inventory.ts";

/** A prompt, resource or template with the server it belongs to. */
export interface KnownOffer {
  readonly server: string;
  readonly offer: Offer;
}

/** What all servers offer of one kind, and which of them could not be asked. */
export interface OfferList {
  readonly offers: readonly KnownOffer[];
  readonly failed: readonly { readonly name: string; readonly error: string }[];
}

/** Lists of prompts, resources and templates, asked for once and kept until they change. */
export interface Offers extends Disposable {
  /** Lists what the servers in view offer; one that does not answer soon is named, and does not delay the others. */
  list(runtime: Runtime, kind: OfferKind, signal: AbortSignal): Promise<OfferList>;
  /** What is known without asking. */
  known(runtime: Runtime, kind: OfferKind): readonly KnownOffer[];
}

interface Kept {
  /** Of which connection; another one may offer something else. */
  readonly epoch: string;
  readonly asked: Promise<readonly Offer[]>;
  value: readonly Offer[] | undefined;
}

/** Longest wait for one server's list. */
const WAIT_MS = 5_000;
const CAPABILITY: Readonly<Record<OfferKind, string>> = {
  prompts: "prompts",
  resources: "resources",
  resourceTemplates: "resources",
};

const KINDS: Readonly<Record<OfferKind, DefinitionKind>> = {
  prompts: "prompt",
  resources: "resource",
  resourceTemplates: "resource_template",
};

/** Opens the lists over the whole runtime. */
export function openOffers(options: { readonly runtime: Runtime; readonly clock: Clock }): Offers {
  const kept = new Map<string, Kept>();
  /** The last list of a server that is down now. */
  const last = new Map<string, readonly Offer[]>();
  const subscription = options.runtime.onMessage((server, { method }) => {
    if (method === "notifications/prompts/list_changed") kept.delete(keyOf(server, "prompts"));
    if (method !== "notifications/resources/list_changed") return;
    kept.delete(keyOf(server, "resources"));
    kept.delete(keyOf(server, "resourceTemplates"));
  });

  function ask(server: string, record: ServerRecord, kind: OfferKind): Kept {
    const key = keyOf(server, kind);
    const epoch = epochOf(record);
    const known = kept.get(key);
    if (known?.epoch === epoch) return known;
    const signal = new AbortController().signal;
    const asked = options.runtime.use(
      server,
      { signal, waitMs: WAIT_MS },
      (connection) => connection.listOffers(kind),
    ).then(async (offers) => {
      await options.runtime.trust.review(record.config, KINDS[kind], offers);
      return offers;
    });
    const entry: Kept = { epoch, asked, value: undefined };
    kept.set(key, entry);
    asked.then((value) => {
      entry.value = value;
      last.set(key, value);
    }, () => {
      if (kept.get(key) === entry) kept.delete(key); // the next one asks again
    });
    return entry;
  }

  async function listOne(server: string, record: ServerRecord, kind: OfferKind): Promise<readonly Offer[]> {
    if (record.state.state !== "ready") {
      const value = last.get(keyOf(server, kind));
      if (value !== undefined || record.state.state === "idle") return value ?? [];
      throw new Error(record.lastError?.message ?? `Server "${server}" is not ready yet`);
    }
    if (record.connection?.capabilities[CAPABILITY[kind]] === undefined) return [];
    return await within(options.clock, ask(server, record, kind).asked, server);
  }

  /** Consent is looked up each time: it may have been given, or have ended, since the list came. */
  function accepted(server: string, kind: OfferKind, list: readonly Offer[]): KnownOffer[] {
    const { trust } = options.runtime;
    return list.flatMap((offer) => {
      const name = nameOfDefinition(KINDS[kind], offer);
      const isAccepted = name !== undefined && trust.isAccepted(server, KINDS[kind], name, offer);
      return isAccepted ? [{ server, offer }] : [];
    });
  }

  return {
    async list(runtime, kind, signal) {
      const servers = [...runtime.view().servers].filter(([, record]) => isExposed(record));
      const lists = await Promise.allSettled(servers.map(([name, record]) => listOne(name, record, kind)));
      signal.throwIfAborted();
      const offers: KnownOffer[] = [];
      const failed: { name: string; error: string }[] = [];
      lists.forEach((list, index) => {
        const server = servers[index]?.[0] ?? "";
        if (list.status === "fulfilled") offers.push(...accepted(server, kind, list.value));
        else {failed.push({
            name: server,
            error: list.reason instanceof Error ? list.reason.message : "It gave no list",
          });}
      });
      return { offers, failed };
    },
    known(runtime, kind) {
      const offers: KnownOffer[] = [];
      for (const [server, record] of runtime.view().servers) {
        if (!isExposed(record)) continue;
        offers.push(...accepted(server, kind, last.get(keyOf(server, kind)) ?? []));
      }
      return offers;
    },
    [Symbol.dispose]: () => subscription[Symbol.dispose](),
  };
}

function keyOf(server: string, kind: OfferKind): string {
  return `${server} ${kind}`;
}

function epochOf({ reconnects, connection, state }: ServerRecord): string {
  return `${reconnects} ${connection?.pid ?? ""} ${"since" in state ? state.since : ""}`;
}

async function within<T>(clock: Clock, promise: Promise<T>, server: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  using _timer = clock.after(
    WAIT_MS,
    () => late.reject(new Error(`Server "${server}" did not list within ${WAIT_MS / 1000} s`)),
  );
  return await Promise.race([promise, late.promise]);
}
