import type { GatewayEvent, VerbInput } from "../../lib/contracts/mod.ts";
import { GatewayError } from "../../lib/contracts/quick.ts";
import {
  renderActivities,
  renderActivity,
  renderActivityEvent,
  renderActivitySummary,
  renderUsage,
} from "../render/activity.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";
import { type FilterOptions, toCount, toFilter } from "./activity_filter.ts";

/** By what a summary can be narrowed. */
export const SUMMARY_GROUPS = ["server", "tool", "status", "type"] as const;

interface ListOptions extends FilterOptions {
  readonly limit: string;
  readonly offset?: string;
  readonly cursor?: string;
  readonly icons: boolean;
}

/** Lists records. */
export async function list(options: ListOptions, session: Session): Promise<void> {
  const { limit, offset, cursor, icons } = options;
  const input = {
    ...toFilter(options),
    limit: toCount(limit, "--limit", { min: 1, max: 100 }),
    ...(offset === undefined ? {} : { offset: toCount(offset, "--offset", { min: 0, max: 10_000 }) }),
    ...(cursor === undefined ? {} : { cursor }),
    exclude_payloads: session.format === "table",
  };
  const management = await session.management();
  const page = await management.request("activity.list", input, { signal: session.signal });
  if (session.format !== "table" || page.activities.length > 0) {
    await session.print(page, (look) => renderActivities(page.activities, icons, look));
  }
  if (session.format !== "table") return;
  if (page.activities.length === 0) return await session.note("No records");
  const more = page.next_cursor === undefined ? "" : `; more: --cursor ${page.next_cursor}`;
  await session.note(`${page.activities.length} of ${page.total}${more}`);
}

/** Shows one record. */
export async function show(
  id: string,
  { includeResponse, icons }: { readonly includeResponse?: true; readonly icons: boolean },
  session: Session,
): Promise<void> {
  const management = await session.management();
  const record = await management.request("activity.get", { id }, { signal: session.signal });
  const { arguments: _sent, response: _answered, ...bare } = record;
  const shown = includeResponse === true ? record : bare;
  await session.print(shown, (look) => renderActivity(shown, icons, look));
}

/** Counts what happened. */
export async function summary(
  { period, by }: { readonly period: string; readonly by?: string },
  session: Session,
): Promise<void> {
  const group = SUMMARY_GROUPS.find((one) => one === by);
  if (by !== undefined && group === undefined) {
    throw usageError(
      `Cannot sum up by "${by}": wanted ${SUMMARY_GROUPS.join(", ")}`,
      "activity summary",
    );
  }
  const management = await session.management();
  const input = { period } as VerbInput<"activity.summary">; // the service checks the word
  const found = await management.request("activity.summary", input, { signal: session.signal });
  await session.print(found, (look) => renderActivitySummary(found, group, look));
}

interface UsageOptions {
  readonly window: string;
  readonly by: string;
  readonly server?: string;
  readonly tool?: string;
  readonly top: string;
  readonly sort: string;
}

/** Adds up calls. */
export async function usage({ top, ...words }: UsageOptions, session: Session): Promise<void> {
  const management = await session.management();
  // The service checks the words.
  const input = {
    ...words,
    top: toCount(top, "--top", { min: 1, max: 1_000 }),
  } as VerbInput<"activity.usage">;
  const found = await management.request("activity.usage", input, { signal: session.signal });
  if (session.format === "table" && found.rows.length === 0) return await session.note("No calls");
  await session.print(found, (look) => renderUsage(found, look));
}

/** Follows what happens; programs get one JSON object a line. */
export async function watch(
  { type, server }: { readonly type?: string; readonly server?: string },
  session: Session,
): Promise<void> {
  const daemon = await session.daemon();
  if (daemon === undefined) {
    throw new GatewayError(
      "MCPX_DAEMON_NOT_RUNNING",
      "Cannot follow activity: no daemon runs, and nothing happens without one",
    );
  }
  const types = type?.split(",").map((one) => one.trim()).filter((one) => one !== "");
  const { stdout } = session.terminal;
  for await (const event of daemon.followEvents({ types: ["activity"] }, session.signal)) {
    if (event.type === "gap") await session.note("Some records were not shown; see mcpproxy activity list");
    if (!isWanted(event, types, server)) continue;
    await stdout.write(
      session.format === "table"
        ? renderActivityEvent(event, session.look)
        : `${session.format === "yaml" ? "--- " : ""}${JSON.stringify(event)}\n`,
    );
  }
}

function isWanted(
  { type, payload }: GatewayEvent,
  types: readonly string[] | undefined,
  server: string | undefined,
): boolean {
  // What has only begun is no record yet.
  if (type === "gap" || type.endsWith(".started")) return false;
  const at = (key: string): unknown => Reflect.get(Object(payload), key);
  if (server !== undefined && at("server_name") !== server) return false;
  return types === undefined || types.length === 0 || types.some((one) => one === at("type"));
}
