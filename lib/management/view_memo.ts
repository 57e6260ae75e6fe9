import type { ServerView } from "../contracts/mod.ts";
import type { ServerRecord } from "../runtime/mod.ts";

/** What a view is made from besides its record, each by identity. */
export type ViewSources = readonly unknown[];

interface Kept {
  readonly view: ServerView;
  readonly sources: ViewSources;
}

/**
 * Keeps the views of servers until something they are made from is another.
 *
 * A list of many servers is asked for many times a second, and few of them
 * change in between; the same object also tells whoever writes it as JSON that
 * it has been written before.
 */
export class ViewMemo {
  readonly #kept = new WeakMap<ServerRecord, Kept>();

  /** Gives the view of a record, made anew only if a source has changed. */
  get(record: ServerRecord, sources: ViewSources, make: () => ServerView): ServerView {
    const known = this.#kept.get(record);
    if (known !== undefined && known.sources.every((source, index) => source === sources[index])) {
      return known.view;
    }
    const view = Object.freeze(make());
    this.#kept.set(record, { view, sources });
    return view;
  }
}
