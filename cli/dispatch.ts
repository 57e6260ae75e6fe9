import { toHelpValue } from "./help_json.ts";
import { NOUNS } from "./nouns.ts";
import { defineNouns, findCommand, type Program } from "./program.ts";
import type { Session } from "./session.ts";

/** Words of a command line after the options of the program were taken out. */
export interface Words {
  readonly operands: readonly string[];
  readonly rest: readonly string[];
}

const DEFAULT_NOUN = "serve";

/**
 * Loads the noun that the words name and runs its command.
 *
 * @throws {GatewayError} MCPX_USAGE — there is no such noun.
 * @throws {CommanderError} The parser refuses the words, or has printed help.
 */
export async function dispatch(program: Program, session: Session, words: Words): Promise<void> {
  const { operands, rest } = words;
  const [noun] = operands;
  if (session.globals.version === true) return await printVersion(session);
  if (noun === "help") return await help(program, session, operands.slice(1));
  if (noun !== undefined && !NOUNS.some(({ name }) => name === noun)) throw await unknownNoun(noun);
  if (session.globals.helpJson === true) return await helpJson(program, session, operands);
  const isRootHelp = noun === undefined && rest.some((word) => word === "-h" || word === "--help");
  if (isRootHelp) return program.outputHelp();
  await defineNouns(program, session, noun ?? DEFAULT_NOUN);
  const argv = noun === undefined ? [DEFAULT_NOUN, ...session.argv] : session.argv;
  await program.parseAsync([...argv], { from: "user" });
}

async function printVersion(session: Session): Promise<void> {
  const command = await import("./commands/version.ts");
  await command.printVersion(session);
}

async function help(program: Program, session: Session, path: readonly string[]): Promise<void> {
  const [noun] = path;
  if (noun !== undefined && !NOUNS.some(({ name }) => name === noun)) throw await unknownNoun(noun);
  if (noun !== undefined) await defineNouns(program, session, noun);
  findCommand(program, path).outputHelp();
}

async function helpJson(program: Program, session: Session, path: readonly string[]): Promise<void> {
  if (path[0] !== undefined) await defineNouns(program, session, path[0]);
  const value = toHelpValue(findCommand(program, path));
  await session.terminal.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}

/** Loads what it needs here, since the quick commands do without the contracts. */
async function unknownNoun(noun: string): Promise<Error> {
  const { didYouMean, LEFT_OUT_COMMANDS, whyLeftOut } = await import("../lib/contracts/quick.ts");
  const { usageError } = await import("./usage.ts");
  const why = whyLeftOut(LEFT_OUT_COMMANDS, noun);
  if (why !== undefined) return usageError(`Cannot run "${noun}": ${why}`);
  const hint = await verbHint(noun) || didYouMean(noun, NOUNS.map(({ name }) => name));
  return usageError(`Cannot run "${noun}": there is no such command${hint}`);
}

/** The commands whose last word somebody took for the first. */
async function verbHint(word: string): Promise<string> {
  const { COMMAND_VERBS, toHint } = await import("../lib/contracts/mod.ts");
  return toHint(Object.keys(COMMAND_VERBS).filter((name) => name.endsWith(` ${word}`)).slice(0, 4));
}
