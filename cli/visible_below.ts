import type { CommandUnknownOpts } from "@commander-js/extra-typings";

/** The commands right below one that are shown to people. */
export function visibleBelow(command: CommandUnknownOpts): CommandUnknownOpts[] {
  return [...command.createHelp().visibleCommands(command)];
}
