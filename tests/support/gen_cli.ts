import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { createProgram, defineNouns } from "../../cli/program.ts";
import { toHelpValue } from "../../cli/help_json.ts";
import { visibleBelow } from "../../cli/visible_below.ts";
import type { Session } from "../../cli/session.ts";

/** Writes the reference of the command line from the help of every command. */
export async function renderCliReference(): Promise<string> {
  const { program } = createProgram(80);
  // Definitions keep the session for their actions, and none runs here.
  await defineNouns(program, {} as Session);
  return [
    "# Command line",
    "",
    "Written by `deno task gen` from the help of the program; `mcpproxy help COMMAND` prints the same.",
    "",
    "## Options of every command",
    "",
    ...flagsOf(program),
    "",
    ...program.commands.flatMap((command) => describe(command, [])),
  ].join("\n");
}

function describe(command: CommandUnknownOpts, above: readonly string[]): string[] {
  const path = [...above, command.name()];
  const { usage, description } = toHelpValue(command);
  const flags = flagsOf(command);
  const also = command.aliases().map((alias) => `\`${alias}\``).join(", ");
  return [
    `${"#".repeat(Math.min(path.length + 1, 4))} mcpproxy ${path.join(" ")}`,
    "",
    `${description}.`,
    "",
    "```",
    usage,
    "```",
    "",
    ...(also === "" ? [] : [`Also: ${also}.`, ""]),
    ...(flags.length === 0 ? [] : [...flags, ""]),
    ...visibleBelow(command).flatMap((below) => describe(below, path)),
  ];
}

function flagsOf(command: CommandUnknownOpts): string[] {
  const flags = toHelpValue(command).flags;
  if (flags.length === 0) return [];
  const rows = flags.map(({ name, shorthand, description, type, default: fallback }) => {
    const value = type === "bool" ? "" : type === "stringArray" ? " VALUE, may be repeated" : " VALUE";
    const short = shorthand === "" ? "" : `-${shorthand}, `;
    const otherwise = fallback === "" ? "" : ` (default ${fallback})`;
    return `| \`${short}--${name}${value}\` | ${cell(description + otherwise)} |`;
  });
  return ["| option | meaning |", "| --- | --- |", ...rows];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "\\<");
}
