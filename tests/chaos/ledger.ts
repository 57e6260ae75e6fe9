/**
 * What a daemon has acknowledged, and what it may hold after it was killed.
 *
 * @module
 */

/** What the suite sets of a server; `undefined` stands for no such server. */
export type Entry = { readonly enabled: boolean; readonly word: string } | undefined;

/** One change of one server that was asked for. */
export interface Change {
  readonly name: string;
  readonly verb: "add" | "patch" | "remove" | "enable" | "disable";
  readonly word: string;
}

/**
 * Each name has one writer with one change at a time, so what may be found is
 * what was acknowledged last or what was asked for since.
 */
export class Ledger {
  readonly #acknowledged = new Map<string, Entry>();
  readonly #asked = new Map<string, Entry>();
  /** Changes that were acknowledged since the start. */
  count = 0;

  /** What stands for sure. */
  get(name: string): Entry {
    return this.#acknowledged.get(name);
  }

  ask(change: Change): void {
    this.#asked.set(change.name, apply(this.get(change.name), change));
  }

  acknowledge({ name }: Change): void {
    this.#acknowledged.set(name, this.#asked.get(name));
    this.#asked.delete(name);
    this.count++;
  }

  /** The daemon said that the change was not made. */
  refuse({ name }: Change): void {
    this.#asked.delete(name);
  }

  /** Compares with what is there now, and goes on from there. @returns What was lost, in words. */
  settle(found: ReadonlyMap<string, Entry>): string[] {
    const names = new Set([...this.#acknowledged.keys(), ...this.#asked.keys(), ...found.keys()]);
    const losses = [...names].filter((name) => !this.#mayBe(name, found.get(name)));
    const words = losses.map((name) =>
      `${name} is ${say(found.get(name))}, was acknowledged as ${say(this.get(name))}` +
      (this.#asked.has(name) ? `, asked for was ${say(this.#asked.get(name))}` : "")
    );
    this.#asked.clear();
    for (const name of names) this.#acknowledged.set(name, found.get(name));
    return words;
  }

  #mayBe(name: string, found: Entry): boolean {
    if (isSame(found, this.get(name))) return true;
    return this.#asked.has(name) && isSame(found, this.#asked.get(name));
  }
}

function apply(entry: Entry, { verb, word }: Change): Entry {
  switch (verb) {
    case "add":
      return { enabled: true, word };
    case "patch":
      return entry && { ...entry, word };
    case "remove":
      return undefined;
    case "enable":
      return entry && { ...entry, enabled: true };
    case "disable":
      return entry && { ...entry, enabled: false };
  }
}

function isSame(one: Entry, other: Entry): boolean {
  return one?.enabled === other?.enabled && one?.word === other?.word;
}

function say(entry: Entry): string {
  return entry === undefined ? "absent" : `${entry.enabled ? "enabled" : "disabled"} with "${entry.word}"`;
}
