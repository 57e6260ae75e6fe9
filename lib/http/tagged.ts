import { createHash } from "node:crypto";

/** A body as it goes out, with the tag of its content. */
export interface TaggedBody {
  readonly tag: string;
  readonly text: string;
}

/** Part of a body, with the hash of its content. */
interface Written {
  readonly text: string;
  readonly tag: string;
}

/** Items that follow one another, as they were written last. */
interface Run extends Written {
  readonly items: readonly object[];
}

/** Items of a run: with one changed, so many are joined anew, and with all the same, so many runs are. */
const RUN = 32;

/**
 * Writes successes with lists in them: items that were written before are not
 * written again, runs of such items are not joined again, and a whole body that
 * is the same as the last one of its verb neither.
 *
 * Whoever gives objects here does not change them any more.
 */
export class TaggedBodies {
  readonly #items = new WeakMap<object, Written>();
  /** By verb and key. */
  readonly #runs = new Map<string, readonly Run[]>();
  readonly #last = new Map<string, TaggedBody>();

  /** @param verb Whose answer it is; the last body of each is kept. */
  write(verb: string, output: unknown): TaggedBody {
    const parts = Object.entries(Object(output)).filter(([, value]) => value !== undefined)
      .map(([key, value]) => this.#part(`${verb} ${key}`, key, value));
    const tag = hash(parts.map((part) => part.tag).join());
    const last = this.#last.get(verb);
    if (last?.tag === tag) return last;
    // As text: the runtime takes a text over in less time than bytes, which it copies first.
    const body = { tag, text: `{"success":true,"data":{${parts.map((part) => part.text()).join()}}}` };
    this.#last.set(verb, body);
    return body;
  }

  #part(place: string, key: string, value: unknown): { readonly tag: string; readonly text: () => string } {
    const runs = Array.isArray(value) ? this.#runsOf(value, this.#runs.get(place) ?? []) : undefined;
    if (runs === undefined) {
      const text = JSON.stringify(value);
      return { tag: `${key}=${hash(text)}`, text: () => `${JSON.stringify(key)}:${text}` };
    }
    this.#runs.set(place, runs);
    return {
      tag: `${key}=${runs.map((run) => run.tag).join("")}`,
      text: () => `${JSON.stringify(key)}:[${runs.map((run) => run.text).join()}]`,
    };
  }

  /** Gives the items in runs, `undefined` if there is an item that is no object. */
  #runsOf(items: readonly unknown[], before: readonly Run[]): readonly Run[] | undefined {
    const runs: Run[] = [];
    for (let from = 0; from < items.length; from += RUN) {
      const known = before[runs.length];
      // What has not changed is compared and not looked at: items lie all over the memory.
      if (known !== undefined && isAt(items, from, known.items)) {
        runs.push(known);
        continue;
      }
      const own = items.slice(from, from + RUN);
      if (!own.every(isObject)) return undefined;
      runs.push(this.#run(own));
    }
    return runs;
  }

  #run(items: readonly object[]): Run {
    const written = items.map((item) => this.#item(item));
    const tag = hash(written.map((item) => item.tag).join(""));
    return { items, tag, text: written.map((item) => item.text).join() };
  }

  #item(item: object): Written {
    const known = this.#items.get(item);
    if (known !== undefined) return known;
    const text = JSON.stringify(item);
    const written = { text, tag: hash(text) };
    this.#items.set(item, written);
    return written;
  }
}

/** Tells whether these, and no more, are the items of the run that begins there. */
function isAt(items: readonly unknown[], from: number, run: readonly object[]): boolean {
  return run.length === Math.min(RUN, items.length - from) &&
    run.every((item, index) => items[from + index] === item);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function hash(text: string): string {
  return createHash("sha1").update(text).digest("base64url");
}
