import type { Activity } from "./activity.ts";

/**
 * A record of activity that is opened when something is recorded or read for
 * the first time, so that a command which does neither does without.
 */
export function openActivityLater(open: () => Activity): Activity {
  let opened: Activity | undefined;
  const activity = (): Activity => opened ??= open();
  return {
    record: (entry, addendum) => activity().record(entry, addendum),
    flush: () => opened?.flush() ?? Promise.resolve(),
    query: (filter, options) => activity().query(filter, options),
    get: (id, scope) => activity().get(id, scope),
    summary: (period, options) => activity().summary(period, options),
    usage: (query) => activity().usage(query),
    export: (filter, options) => activity().export(filter, options),
    health: () => activity().health(),
    subscribe: (listener) => activity().subscribe(listener),
    clean: () => activity().clean(),
    async [Symbol.asyncDispose]() {
      await opened?.[Symbol.asyncDispose]();
    },
  };
}
