import type { GatewayEvent, Management } from "../../lib/contracts/mod.ts";
import { GatewayError } from "../../lib/contracts/quick.ts";
import type { Define } from "../define.ts";
import { collect } from "../pairs.ts";
import { renderEvent } from "../render/event.ts";
import { toSafeJson } from "../render/text.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

const NO_TYPES: string[] = [];

interface EventOptions {
  readonly follow?: true;
  readonly type: readonly string[];
  readonly since?: string;
  readonly tail: string;
}

/** Defines `mcpproxy events`. */
export const define: Define = (command, session) => {
  command
    .option("-f, --follow", "go on with new events until Ctrl-C, over restarts of the daemon too")
    .option(
      "-t, --type <type>",
      "only this type, such as servers or config.rejected; may be repeated",
      collect,
      NO_TYPES,
    )
    .option("--since <number>", "only events after the one with this number")
    .option("-n, --tail <count>", "how many of the latest to list", "100")
    .action((options) => events(options, session));
};

async function events(options: EventOptions, session: Session): Promise<void> {
  const since = toNumber(options.since, "--since", 0);
  const limit = toNumber(options.tail, "--tail", 1) ?? 100;
  const daemon = await session.daemon();
  if (daemon === undefined) {
    throw new GatewayError(
      "MCPX_DAEMON_NOT_RUNNING",
      "Cannot show events: no daemon runs, and events are its own",
    );
  }
  if (options.follow === true) return await follow(daemon, { types: options.type, since }, session);
  const type = options.type.length === 0 ? undefined : options.type.join(",");
  const input = { since: since ?? 0, limit: Math.min(limit, 4096), ...(type === undefined ? {} : { type }) };
  const answer = await daemon.request("events.list", input, { signal: session.signal });
  await session.print(
    answer.events,
    (look) => answer.events.map((event) => renderEvent(event, look)).join(""),
  );
  if (session.format !== "table") return;
  if (answer.gap) await session.note("Older events are no longer kept");
  if (answer.events.length === 0) await session.note("No events");
}

/** Prints events as they come; programs get one JSON object a line. */
async function follow(
  daemon: Management,
  filter: Parameters<Management["followEvents"]>[0],
  session: Session,
): Promise<void> {
  const { stdout } = session.terminal;
  const toText = (event: GatewayEvent) =>
    session.format === "table"
      ? renderEvent(event, session.look)
      : `${session.format === "yaml" ? "--- " : ""}${toSafeJson(event)}\n`;
  for await (const event of daemon.followEvents(filter, session.signal)) await stdout.write(toText(event));
}

function toNumber(text: string | undefined, option: string, least: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d{1,15}$/.test(text) && number >= least) return number;
  throw usageError(`Cannot read ${option} "${text}": wanted a whole number from ${least}`, "events");
}
