import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { visibleBelow } from "./visible_below.ts";
import { NOUNS } from "./nouns.ts";

/** Help of one command for programs. */
export interface HelpValue {
  readonly name: string;
  readonly description: string;
  readonly usage: string;
  readonly flags: readonly FlagValue[];
  readonly commands: readonly {
    readonly name: string;
    readonly description: string;
    readonly usage: string;
    readonly has_subcommands: boolean;
  }[];
}

/** One option in {@link HelpValue}. */
export interface FlagValue {
  readonly name: string;
  readonly shorthand: string;
  readonly description: string;
  readonly type: "bool" | "string" | "stringArray";
  readonly default: string;
  readonly required: boolean;
}

type Flag = CommandUnknownOpts["options"][number];

/** Describes a command, its own options and the commands right below it. */
export function toHelpValue(command: CommandUnknownOpts): HelpValue {
  return {
    name: command.name(),
    description: command.description(),
    usage: usageOf(command),
    flags: command.options.filter((option) => !option.hidden).map(toFlag),
    commands: visibleBelow(command).map((below) => ({
      name: below.name(),
      description: below.description(),
      usage: usageOf(below),
      has_subcommands: visibleBelow(below).length > 0 || hasVerbs(below),
    })),
  };
}

function hasVerbs(command: CommandUnknownOpts): boolean {
  return command.parent?.parent === null &&
    NOUNS.some(({ name, hasVerbs }) => hasVerbs && name === command.name());
}

function usageOf(command: CommandUnknownOpts): string {
  const above = command.parent === null ? "" : `${commandLineOf(command.parent)} `;
  return `${above}${command.name()} ${command.usage()}`.trim();
}

function commandLineOf(command: CommandUnknownOpts): string {
  return command.parent === null ? command.name() : `${commandLineOf(command.parent)} ${command.name()}`;
}

function toFlag(option: Flag): FlagValue {
  const takesValue = option.required || option.optional;
  const isMany = Array.isArray(option.defaultValue);
  return {
    name: (option.long ?? "").replace(/^--/, ""),
    shorthand: (option.short ?? "").replace(/^-/, ""),
    description: option.description,
    type: !takesValue ? "bool" : isMany ? "stringArray" : "string",
    default: option.defaultValue === undefined || isMany ? "" : String(option.defaultValue),
    required: option.mandatory,
  };
}
