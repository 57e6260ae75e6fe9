import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { VerbInput, VerbOutput } from "../../lib/contracts/mod.ts";
import { isDuration, toMs } from "../../lib/contracts/quick.ts";
import { collect } from "../pairs.ts";
import { renderPreflight } from "../render/preflight.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

const COMMAND = "tools preflight";
const MAX_WAIT_MS = 10_000;

/** Exit code of each verdict. */
const EXITS: Readonly<Record<VerbOutput<"tools.preflight">["verdict"], number>> = {
  ready: 0,
  degraded_retryable: 10,
  blocked: 11,
  unknown_ids: 12,
};

interface Options {
  readonly profile?: string;
  readonly pin: readonly string[];
  readonly readOnlyOnly?: true;
  readonly excludeDestructive?: true;
  readonly excludeOpenWorld?: true;
  readonly wait?: string;
}

/** Defines `mcpproxy tools preflight`. */
export function definePreflight(command: CommandUnknownOpts, session: Session): void {
  const nothing: string[] = [];
  command.command("preflight")
    .description("Tell whether required tools could be called now")
    .argument("<tools...>", "server:tool")
    .option("--profile <name>", "as clients of this profile see them")
    .option(
      "--pin <pin>",
      "TOOL=sha256/v1:HASH, the definition that is wanted; may be repeated",
      collect,
      nothing,
    )
    .option("--read-only-only", "only tools that say they only read")
    .option("--exclude-destructive", "no tools that may destroy")
    .option("--exclude-open-world", "no tools that reach out of this machine")
    .option("--wait <duration>", "longest wait for servers that are on their way, up to 10s")
    .addHelpText(
      "after",
      "\nExit codes: 0 ready, 10 waiting may help, 11 a person must act, 12 unknown tools\n",
    )
    .action((tools, options) => preflight(tools, options, session));
}

async function preflight(ids: readonly string[], options: Options, session: Session): Promise<void> {
  const input = toInput(ids, options);
  const management = await session.management();
  const found = await management.request("tools.preflight", input, { signal: session.signal });
  session.exitCode = EXITS[found.verdict];
  await session.print(found, (look) => renderPreflight(found, look));
}

function toInput(ids: readonly string[], options: Options): VerbInput<"tools.preflight"> {
  const pins = new Map(options.pin.map(readPin));
  for (const id of pins.keys()) {
    if (!ids.includes(id)) {
      throw usageError(`Cannot pin "${id}": it is not among the tools to check`, COMMAND);
    }
  }
  return {
    tools: ids.map((id) => ({ id, ...(pins.has(id) ? { pin_hash: pins.get(id) } : {}) })),
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    policy: {
      read_only_only: options.readOnlyOnly === true,
      exclude_destructive: options.excludeDestructive === true,
      exclude_open_world: options.excludeOpenWorld === true,
    },
    wait_ms: toWaitMs(options.wait),
  };
}

function readPin(text: string): [string, string] {
  const at = text.lastIndexOf("=");
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw usageError(`Cannot read pin "${text}": wanted TOOL=sha256/v1:HASH`, COMMAND);
}

function toWaitMs(text: string | undefined): number {
  if (text === undefined) return 0;
  if (isDuration(text) && toMs(text) <= MAX_WAIT_MS) return toMs(text);
  throw usageError(`Cannot wait "${text}": wanted a duration up to "10s"`, COMMAND);
}
