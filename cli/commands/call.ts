import { resolve } from "node:path";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { ToolResult, VerbInput } from "../../lib/contracts/mod.ts";
import {
  CALL_VARIANTS,
  type CallVariant,
  GatewayError,
  isDuration,
  parseToolId,
  SENSITIVITIES,
  toMs,
} from "../../lib/contracts/quick.ts";
import { openDeadline } from "../../lib/platform/mod.ts";
import type { Define } from "../define.ts";
import { describeFailure } from "../render/error.ts";
import { renderToolResult } from "../render/tool_result.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";
import { looksTyped, type Pair, parseArguments, parsePairs, typePairs } from "./call_arguments.ts";

interface Call {
  readonly tool: string;
  readonly words: readonly string[];
  /** JSON, `@file`, or `-` for stdin. */
  readonly args?: string;
  readonly timeout?: string;
  readonly variant?: CallVariant;
  readonly reason?: string;
  readonly sensitivity?: string;
  /** Words of the command, for usage errors. */
  readonly command: string;
}

const ARGUMENTS = "all arguments as JSON, @file, or - for stdin";
const PAIRS = "arguments as key=value; they win over --args";
const TIMEOUT = "longest wait, such as 30s";
const REASON = "why the call is made, for the record of it";
const SENSITIVITY = `how sensitive its data is: ${SENSITIVITIES.join(", ")}`;

const EXAMPLES = `
Examples:
  mcpproxy call tool everything:get-sum a=1 b=2
  mcpproxy call tool filesystem:read_text_file --args '{"path": "welcome.txt"}'
`;

/** Defines `mcpproxy call …`. */
export const define: Define = (command, session) => {
  command.command("tool")
    .description("Call a tool, with the variant that suits it")
    .argument("<tool>", "server:tool, or one of the gateway's own tools")
    .argument("[key=value...]", PAIRS)
    .option("--args <json>", ARGUMENTS)
    .option("-t, --timeout <duration>", TIMEOUT)
    .option("--reason <text>", REASON)
    .option("--sensitivity <word>", SENSITIVITY)
    .addHelpText("after", EXAMPLES)
    .action((tool, words, options) => call({ tool, words, ...options, command: "call tool" }, session));
  for (const variant of CALL_VARIANTS) defineVariant(command, variant, session);
};

function defineVariant(command: CommandUnknownOpts, variant: CallVariant, session: Session): void {
  const words = `call tool-${variant}`;
  command.command(`tool-${variant}`)
    .description(`Call a tool, declared as ${variant}`)
    .argument("[tool]", "server:tool, unless --tool-name gives it")
    .argument("[key=value...]", PAIRS)
    .option("-t, --tool-name <tool>", "server:tool")
    .option("-j, --json_args <json>", "same as --args")
    .option("--args <json>", ARGUMENTS)
    .option("--timeout <duration>", TIMEOUT)
    .option("--reason <text>", REASON)
    .option("--sensitivity <word>", SENSITIVITY)
    .action((first, rest, { toolName, json_args, args, ...options }) => {
      const tool = toolName ?? first;
      if (tool === undefined) {
        throw usageError("Cannot call a tool: none is named, wanted server:tool", words);
      }
      // With --tool-name every word is an argument.
      const pairs = toolName === undefined || first === undefined ? rest : [first, ...rest];
      const given = args ?? json_args;
      return call({ ...options, tool, words: pairs, args: given, variant, command: words }, session);
    });
}

async function call(wanted: Call, session: Session): Promise<void> {
  const { tool, variant } = wanted;
  const waitMs = toWaitMs(wanted);
  const pairs = parsePairs(wanted.words, wanted.command);
  const given = await readArguments(wanted, session);
  const typed = typePairs(pairs, await fetchSchema(tool, pairs, session));
  const intent = toIntent(wanted);
  const input = {
    tool_name: tool,
    arguments: { ...given, ...typed },
    ...(variant && { variant }),
    ...(intent && { intent }),
  };
  const management = await session.management();
  using wait = openWait(tool, waitMs, session);
  await show(await management.request("calls.call", input, { signal: wait.signal }), session);
}

async function show(result: ToolResult, session: Session): Promise<void> {
  const { isTerminal } = session.terminal.stdout;
  await session.print(result, () => renderToolResult(result, isTerminal));
  if (result.isError !== true) return;
  session.exitCode = 1;
  await session.note(describeFailure(result));
}

function toIntent({ reason, sensitivity, command }: Call): VerbInput<"calls.call">["intent"] {
  if (reason === undefined && sensitivity === undefined) return undefined;
  const found = SENSITIVITIES.find((one) => one === sensitivity);
  if (found !== undefined || sensitivity === undefined) return { reason, data_sensitivity: found };
  throw usageError(`Cannot read --sensitivity "${sensitivity}": wanted ${SENSITIVITIES.join(", ")}`, command);
}

function toWaitMs({ timeout, command }: Call): number | undefined {
  if (timeout === undefined) return undefined;
  if (isDuration(timeout) && toMs(timeout) > 0) return toMs(timeout);
  throw usageError(`Cannot use timeout "${timeout}": wanted a duration such as "30s"`, command);
}

function openWait(tool: string, waitMs: number | undefined, session: Session) {
  if (waitMs === undefined) return { signal: session.signal, [Symbol.dispose]() {} };
  return openDeadline(session.platform.clock, waitMs, {
    parent: session.signal,
    onExpired: () =>
      new GatewayError("MCPX_CALL_TIMEOUT", `Cannot call "${tool}": no result within ${waitMs / 1000} s`, {
        remedy: "Give it longer with --timeout",
      }),
  });
}

async function readArguments({ args, command }: Call, session: Session) {
  if (args === undefined) return {};
  if (args === "-") return parseArguments(await session.terminal.readAll(), command);
  if (!args.startsWith("@")) return parseArguments(args, command);
  const path = resolve(session.platform.machine.cwd, args.slice(1));
  const text = await session.platform.files.readText(path);
  if (text !== undefined) return parseArguments(text, command);
  throw usageError(`Cannot read arguments from "${path}": the file does not exist`, command);
}

/** Asks for the tool's schema if some value could be text or not; a failure shows in the call itself. */
async function fetchSchema(tool: string, pairs: readonly Pair[], session: Session) {
  const server = parseToolId(tool)?.server;
  if (server === undefined || !pairs.some(looksTyped)) return undefined;
  const management = await session.management();
  try {
    const { tools } = await management.request("servers.tools", { name: server }, { signal: session.signal });
    return tools.find(({ id }) => id === tool)?.schema;
  } catch {
    return undefined;
  }
}
