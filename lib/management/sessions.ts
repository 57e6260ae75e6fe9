import { GatewayError, type SessionView, type VerbOutput, type VerbParsed } from "../contracts/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { cutPage } from "./paging.ts";

/** Verbs about MCP sessions; a caller with a scope knows of its own. */
export function sessionVerbs({ mcpSessions, scope, facts }: ManagementOptions) {
  function all(): SessionView[] {
    if (!facts.running) {
      throw new GatewayError("MCPX_DAEMON_NOT_RUNNING", "Cannot list sessions: no daemon is running");
    }
    const own = scope === undefined ? undefined : `token:${scope.token}`;
    return (mcpSessions()?.list() ?? []).filter(({ caller }) => own === undefined || caller === own).sort(
      byStart,
    );
  }

  function find(id: string): SessionView {
    const found = all().find((session) => session.id === id);
    if (found !== undefined) return found;
    throw notFound(id);
  }

  return {
    list(input: VerbParsed<"sessions.list">): VerbOutput<"sessions.list"> {
      const sessions = all();
      const { items, ...next } = cutPage(sessions, keyOf, input);
      return { sessions: items, total: sessions.length, ...next };
    },
    get: ({ id }: VerbParsed<"sessions.get">): SessionView => find(id),
    close({ id }: VerbParsed<"sessions.close">): VerbOutput<"sessions.close"> {
      find(id);
      if (mcpSessions()?.close(id) !== true) throw notFound(id);
      return { id, action: "close", success: true };
    },
  };
}

function byStart(a: SessionView, b: SessionView): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

/** Oldest first; those of one moment by their id. */
function keyOf({ start_time, id }: SessionView): string {
  return `${start_time} ${id}`;
}

function notFound(id: string): GatewayError {
  return new GatewayError("MCPX_SESSION_NOT_FOUND", `Cannot find session "${id}": no session has this id`, {
    remedy: "Modern clients have no session to end; see mcpproxy sessions list",
    details: { session: id },
  });
}
