import { Command, type CommandUnknownOpts, Help } from "@commander-js/extra-typings";
import { addAliases } from "./aliases.ts";
import { NOUNS } from "./nouns.ts";
import type { Globals, Session } from "./session.ts";

/** Texts that the parser wants to print, kept until they can be awaited. */
export interface Printed {
  out: string;
  err: string;
}

const EXAMPLES = `
Examples:
  mcpproxy serve
  mcpproxy upstream add github https://api.githubcopilot.com/mcp/
  mcpproxy upstream add files -- npx -y @modelcontextprotocol/server-filesystem .
  mcpproxy tools search read a file
  mcpproxy call tool files:read_file path=README.md
`;

/**
 * Makes the command of the whole program with the nouns as empty commands below it.
 *
 * @param width Columns that help may take, 80 if unknown.
 */
export function createProgram(width: number | undefined) {
  const printed: Printed = { out: "", err: "" };
  const program = new Command("mcpproxy")
    .description("A gateway in front of many MCP servers")
    .usage("[command] [options]")
    .option("-c, --config <path>", "config file")
    .option("-d, --data-dir <path>", "directory of database, socket and logs")
    .option("-o, --output <format>", "table, json or yaml")
    .option("--json", "same as --output json")
    .option("--log-level <level>", "trace, debug, info, warn or error")
    .option("-v, --version", "print the version")
    .option("--help-json", "print the help of a command as JSON")
    .helpOption("-h, --help", "print the help of a command")
    .addHelpText("after", EXAMPLES)
    .helpCommand(false)
    .exitOverride()
    .configureHelp({
      showGlobalOptions: true,
      optionDescription(option) {
        // An empty list says nothing; that more may be given is in the description.
        const isMany = Array.isArray(option.defaultValue);
        return isMany ? option.description : Help.prototype.optionDescription.call(this, option);
      },
    })
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => void (printed.out += text),
      writeErr: (text) => void (printed.err += text),
      outputError: () => {},
      getOutHelpWidth: () => width ?? 80,
      getErrHelpWidth: () => width ?? 80,
    });
  for (const { name, summary } of NOUNS) program.command(name).description(summary).helpCommand(false);
  return { program, printed };
}

/** The command of the whole program. */
export type Program = ReturnType<typeof createProgram>["program"];

/** Reads the options that every command knows, wherever they stand. */
export function readGlobals(program: Program, argv: readonly string[]): {
  readonly globals: Globals;
  readonly operands: readonly string[];
  readonly rest: readonly string[];
} {
  const { operands, unknown } = program.parseOptions([...argv]);
  return { globals: { ...program.opts() }, operands, rest: unknown };
}

/** Gives one noun, or every noun, its verbs and actions. */
export async function defineNouns(
  program: CommandUnknownOpts,
  session: Session,
  only?: string,
): Promise<void> {
  for (const noun of NOUNS) {
    const command = program.commands.find((candidate) => candidate.name() === noun.name);
    if (command === undefined || (only !== undefined && only !== noun.name)) continue;
    const define = await noun.load();
    // The list holds commands of any shape; this one was made empty by createProgram().
    define(command as unknown as Command, session);
    addAliases(command);
  }
}

/** Finds the command that the words lead to, as far as they do. */
export function findCommand(program: CommandUnknownOpts, words: readonly string[]): CommandUnknownOpts {
  const [word, ...rest] = words;
  const next = program.commands.find((command) =>
    command.name() === word || command.aliases().includes(word ?? "")
  );
  return next === undefined ? program : findCommand(next, rest);
}

/** Names a command as it is typed, without the program's name. */
export function pathOf(command: CommandUnknownOpts): string {
  const above = command.parent;
  return above === null ? "" : `${pathOf(above)} ${command.name()}`.trim();
}
