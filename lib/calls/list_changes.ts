import type { Runtime } from "../runtime/mod.ts";

/** Lists that clients are told about when they change. */
export type ListKind = "tools" | "prompts" | "resources";

/**
 * Told of a list that may have changed, with the server behind it. `said` by
 * the server itself: its own list is new at once, what is known here of its
 * tools follows when it has been listed again.
 */
export type ListChangeListener = (kind: ListKind, server: string, said: boolean) => void;

/** What a server says when one of its lists has changed. */
export const LIST_CHANGED = /^notifications\/(tools|prompts|resources)\/list_changed$/;

/** Servers tell of prompts and resources themselves; tools and health are watched here, whatever the reason. */
export function onListChange(runtime: Runtime, listener: ListChangeListener): Disposable {
  const said = runtime.onMessage((server, { method }) => {
    const kind = LIST_CHANGED.exec(method)?.[1];
    if (kind === "tools" || kind === "prompts" || kind === "resources") listener(kind, server, true);
  });
  const seen = runtime.onExposedChange((servers) => {
    for (const server of servers) {
      listener("tools", server, false);
      listener("prompts", server, false);
      listener("resources", server, false);
    }
  });
  const decided = runtime.trust.onChange((server, kind, changes) => {
    // Lists of tools are told of with the rest of what is seen of a server.
    if (kind === "tool" || !changes.some(({ to }) => to.reason === "user" || to.blocked)) return;
    listener(kind === "prompt" ? "prompts" : "resources", server, false);
  });
  return {
    [Symbol.dispose]() {
      decided[Symbol.dispose]();
      said[Symbol.dispose]();
      seen[Symbol.dispose]();
    },
  };
}
