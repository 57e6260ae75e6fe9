import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { CommanderError } from "@commander-js/extra-typings";
import { ERROR_KINDS, GatewayError, toGatewayError } from "../lib/contracts/quick.ts";
import type { Platform } from "../lib/platform/mod.ts";
import { findCommand, pathOf } from "./program.ts";
import { renderError, toErrorValue } from "./render/error.ts";
import { type Format, renderValue } from "./render/format.ts";
import { lookOf } from "./session.ts";
import type { Terminal } from "./terminal.ts";
import { usageError } from "./usage.ts";

/** Where and how a failure is reported. */
export interface FailureContext {
  readonly argv: readonly string[];
  /** Words of the command line that are no options, as far as they could be read. */
  readonly words: readonly string[];
  readonly program: CommandUnknownOpts;
  readonly format: Format;
  readonly terminal: Terminal;
  readonly platform: Platform;
}

/**
 * Prints a failure: for people on stderr, for programs on stdout.
 *
 * @returns Exit code; 0 if the parser only stopped to print help.
 */
export async function reportFailure(thrown: unknown, context: FailureContext): Promise<number> {
  if (thrown instanceof CommanderError && thrown.code === "commander.helpDisplayed") return 0;
  // A noun without a verb: the parser has printed the help to stderr.
  if (thrown instanceof CommanderError && thrown.code === "commander.help") return 2;
  const error = thrown instanceof CommanderError ? toUsageError(thrown, context) : toGatewayError(thrown);
  await printError(error, context);
  await printCause(error, context);
  return ERROR_KINDS[error.code].exit;
}

async function printError(error: GatewayError, context: FailureContext): Promise<void> {
  const { format, terminal: { stdout, stderr }, platform } = context;
  if (format === "table") return await stderr.write(renderError(error, lookOf(stderr, platform.env)));
  const text = await renderValue(toErrorValue(error), format);
  await stdout.write(text).catch((broken) => {
    if (!(broken instanceof Deno.errors.BrokenPipe)) throw broken;
  });
}

/** Shows what lies behind an unexpected failure to who asked for details. */
async function printCause({ code, cause }: GatewayError, context: FailureContext): Promise<void> {
  if (code !== "MCPX_INTERNAL" || !(cause instanceof Error)) return;
  const isWanted = /--log-level[= ](debug|trace)/.test(context.argv.join(" "));
  await context.terminal.stderr.write(
    isWanted ? `${cause.stack}\n` : "For details: repeat with --log-level debug\n",
  );
}

/** Brings an error of the parser into the words and the code of all others. */
function toUsageError({ message }: CommanderError, { program, words }: FailureContext): GatewayError {
  const command = findCommand(program, words);
  const aliases = new Set(command.commands.flatMap((below) => below.aliases()));
  const problem = message
    .replace(/^error: /, "")
    .replaceAll("'", '"')
    .replace(/\s*\(Did you mean (?:one of )?(.*?)\?\)$/s, (_, near: string) => {
      const all = near.split(", ");
      // One name of a command is enough.
      const names = all.filter((word) => !aliases.has(word));
      const told = names.length > 0 ? names : all;
      return `, did you mean ${told.map((word) => `"${word}"`).join(" or ")}?`;
    })
    .trim()
    .replace(/\.$/, "");
  return usageError(`Cannot read the command line: ${problem}`, pathOf(command));
}
