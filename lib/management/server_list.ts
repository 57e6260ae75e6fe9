import type { Config, ServerView } from "../contracts/mod.ts";
import {
  addStats,
  NO_STATS,
  type Runtime,
  type ServerRecord,
  type ServerStats,
  type ServerUsage,
  statsOf,
  type ViewSnapshot,
} from "../runtime/mod.ts";

/** What views are made from besides their records and the catalogue; each is another object when it has changed. */
export interface ListSources {
  readonly config: Config;
  readonly usages: ReadonlyMap<string, ServerUsage>;
}

/** How views are made. Whatever else they should come from belongs among the sources. */
export interface ServerListOptions {
  readonly catalogue: Runtime["catalogue"];
  readonly sources: () => ListSources;
  readonly toView: (server: string, record: ServerRecord) => ServerView;
}

/** All servers, as every surface shows them. */
export interface ListedServers {
  /** In the order of their names. */
  readonly servers: readonly ServerView[];
  readonly stats: ServerStats;
}

/** One server, with all that its view was made from. */
interface Entry {
  readonly name: string;
  readonly record: ServerRecord;
  readonly config: Config;
  readonly usage: ServerUsage | undefined;
  readonly tools: ReadonlySet<string> | undefined;
  readonly view: ServerView;
  readonly stats: ServerStats;
}

/** A list as it was made last. Servers have places, which are those of the view. */
interface Picture extends ListedServers {
  readonly from: ListSources & { readonly version: number };
  readonly names: readonly string[];
  readonly records: readonly ServerRecord[];
  readonly entries: readonly Entry[];
  /** Place of each in the list. */
  readonly ranks: readonly number[];
}

/**
 * The views of all servers, each kept until something it is made from is another.
 *
 * A list of many servers is asked for many times a second, and few of them
 * change in between. What has not changed is not even looked at: with a
 * thousand servers, reading something of each takes longer than all the rest.
 * The same object also tells whoever writes it as JSON that it has been
 * written before.
 */
export class ServerList {
  readonly #options: ServerListOptions;
  #last: Picture | undefined;

  constructor(options: ServerListOptions) {
    this.#options = options;
  }

  /** Lists the servers of a view; what is the same as the last time is the same object. */
  of(view: Pick<ViewSnapshot, "servers">): ListedServers {
    const names: string[] = [];
    const records: ServerRecord[] = [];
    view.servers.forEach((record, name) => {
      names.push(name);
      records.push(record);
    });
    const last = this.#last;
    const isLike = last !== undefined && names.length === last.names.length &&
      names.every((name, place) => name === last.names[place]);
    return this.#last = isLike ? this.#changed(last, records) : this.#anew(names, records);
  }

  #from(): Picture["from"] {
    return { ...this.#options.sources(), version: this.#options.catalogue.version };
  }

  /** The same servers as before, some of them changed. */
  #changed(last: Picture, records: readonly ServerRecord[]): Picture {
    const from = this.#from();
    const mayKeep = from.config === last.from.config && from.usages === last.from.usages &&
      from.version === last.from.version;
    const entries = [...last.entries];
    const servers = [...last.servers];
    let stats = last.stats;
    records.forEach((record, place) => {
      if (mayKeep && record === last.records[place]) return;
      const before = last.entries[place];
      const rank = last.ranks[place];
      if (before === undefined || rank === undefined) return;
      const entry = this.#entry(before.name, record, { from, before });
      if (entry === before) return;
      entries[place] = entry;
      servers[rank] = entry.view;
      stats = addStats(addStats(stats, before.stats, -1), entry.stats);
    });
    return { ...last, from, records, entries, servers, stats };
  }

  #anew(names: readonly string[], records: readonly ServerRecord[]): Picture {
    const from = this.#from();
    const before = new Map(this.#last?.entries.map((entry) => [entry.name, entry]));
    const entries = names.flatMap((name, place) => {
      const record = records[place];
      return record === undefined ? [] : [this.#entry(name, record, { from, before: before.get(name) })];
    });
    const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
    const rankOf = new Map(sorted.map(({ name }, rank) => [name, rank]));
    return {
      from,
      names,
      records,
      entries,
      ranks: names.map((name) => rankOf.get(name) ?? 0),
      servers: sorted.map(({ view }) => view),
      stats: entries.reduce((sum, entry) => addStats(sum, entry.stats), NO_STATS),
    };
  }

  #entry(
    name: string,
    record: ServerRecord,
    { from: { config, usages }, before }: { readonly from: ListSources; readonly before: Entry | undefined },
  ): Entry {
    const { catalogue, toView } = this.#options;
    const usage = usages.get(name);
    const tools = catalogue.get(name)?.names;
    const isSame = before?.record === record && before.config === config && before.usage === usage &&
      before.tools === tools;
    if (isSame) return before;
    const view = Object.freeze(toView(name, record));
    const stats = statsOf({ servers: new Map([[name, record]]) }, catalogue);
    return { name, record, config, usage, tools, view, stats };
  }
}
