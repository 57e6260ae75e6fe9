import {
  type ActivityExport,
  ActivityExportSchema,
  type ActivityFilter,
  type Caller,
  GatewayError,
  type UsageFigures,
  type VerbOutput,
  type VerbParsed,
} from "../contracts/mod.ts";
import type { Activity, Scope } from "../activity/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { parseWith } from "./input.ts";

const HOUR_MS = 3_600_000;
const MAX_PAGE = 100;

const WINDOW_HOURS: Readonly<Record<VerbParsed<"activity.usage">["window"], number>> = {
  "24h": 24,
  "7d": 168,
  "30d": 720,
  "all": Infinity,
};

/** Verbs about activity. */
export function activityVerbs(options: Pick<ManagementOptions, "activity" | "platform" | "runtime">) {
  const { activity, platform: { clock } } = options;
  const reach = (caller: Caller) => reachOf(caller, options.runtime.view().servers.keys());

  return {
    async list(
      { limit, cursor, offset = 0, exclude_payloads: isBare, ...filter }: VerbParsed<"activity.list">,
      caller: Caller,
    ): Promise<VerbOutput<"activity.list">> {
      const { own, scope } = reach(caller);
      const wanted = { ...filter, ...own };
      const start = await pass(activity, wanted, { ...scope, cursor, count: offset });
      if (start === "end") return { activities: [], total: 0 };
      const payloads = isBare !== true;
      return await activity.query(wanted, { ...scope, limit, cursor: start.cursor, payloads });
    },

    async get({ id }: VerbParsed<"activity.get">, caller: Caller): Promise<VerbOutput<"activity.get">> {
      const { own, scope } = reach(caller);
      const found = await activity.get(id, scope);
      const isOwn = own.agent === undefined || own.agent === found?.agent_name;
      if (found !== undefined && isOwn) return found;
      throw new GatewayError(
        "MCPX_ACTIVITY_NOT_FOUND",
        `Cannot find activity "${id}": no record has this id`,
        {
          details: { id },
        },
      );
    },

    summary: ({ period }: VerbParsed<"activity.summary">) => activity.summary(period),

    async usage(
      { window, by, server, tool, top, sort }: VerbParsed<"activity.usage">,
    ): Promise<VerbOutput<"activity.usage">> {
      const to = clock.now();
      const from = Math.max(0, to - WINDOW_HOURS[window] * HOUR_MS);
      const usage = await activity.usage({ by, from, to, server, tool });
      const rows = usage.rows.toSorted((a, b) => amountOf(b, sort) - amountOf(a, sort));
      return { ...usage, rows: rows.slice(0, top) };
    },

    async *export(input: ActivityExport, signal: AbortSignal): AsyncGenerator<string> {
      const { format, include_bodies: payloads, limit, ...filter } = parseWith(
        "activity.export",
        ActivityExportSchema,
        input,
      );
      const form = format === "csv" ? "csv" : "jsonl";
      for await (const text of activity.export(filter, { format: form, payloads, limit })) {
        signal.throwIfAborted();
        yield text;
      }
    },
  };
}

/** What of the activity a caller may see. */
export interface Reach {
  /** Laid over the filter of the caller. */
  readonly own: Pick<ActivityFilter, "agent">;
  readonly scope: Scope;
}

/**
 * Tells what of the activity a caller may see: an admin all, an agent token
 * what it did itself, at servers that it still reaches, and other agents
 * nothing. Pure.
 *
 * @param servers Names of the servers within the caller's scope.
 */
export function reachOf({ role, scope }: Caller, servers: Iterable<string>): Reach {
  if (scope !== undefined) return { own: { agent: scope.token }, scope: { servers: [...servers] } };
  return role === "admin" ? { own: {}, scope: {} } : { own: {}, scope: { servers: [] } };
}

/** Passes over so many records. @returns Where the next one is. */
async function pass(
  activity: Activity,
  filter: ActivityFilter,
  { count, cursor: first, ...scope }: Scope & { readonly count: number; readonly cursor: string | undefined },
): Promise<{ readonly cursor: string | undefined } | "end"> {
  let cursor = first;
  for (let left = count; left > 0; left -= MAX_PAGE) {
    const limit = Math.min(left, MAX_PAGE);
    const page = await activity.query(filter, { ...scope, limit, cursor, payloads: false });
    cursor = page.next_cursor;
    if (cursor === undefined) return "end";
  }
  return { cursor };
}

function amountOf(figures: UsageFigures, sort: VerbParsed<"activity.usage">["sort"]): number {
  switch (sort) {
    case "calls":
      return figures.calls;
    case "errors":
      return figures.errors;
    case "error_rate":
      return figures.calls === 0 ? 0 : figures.errors / figures.calls;
    case "req_bytes":
      return figures.request_bytes;
    case "resp_bytes":
      return figures.response_bytes;
    case "p50":
      return figures.p50_ms ?? 0;
    case "p95":
      return figures.p95_ms ?? 0;
    default:
      return sort satisfies never;
  }
}
