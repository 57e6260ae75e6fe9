import type { CommandUnknownOpts } from "@commander-js/extra-typings";

/** Words that people take for each other; whichever a command has, the others do as well. */
export const SAME_WORDS: readonly (readonly string[])[] = [
  ["remove", "delete", "rm", "del"],
  ["show", "get"],
  ["list", "ls"],
];

/** Lets every command below this one be called by the other words for it, unless another command has them. */
export function addAliases(command: CommandUnknownOpts): void {
  for (const below of command.commands) {
    const words = SAME_WORDS.find((group) => group.includes(below.name())) ?? [];
    const known = new Set([below.name(), ...below.aliases()]);
    const taken = new Set(
      command.commands.flatMap((one) => one === below ? [] : [one.name(), ...one.aliases()]),
    );
    for (const word of words) if (!known.has(word) && !taken.has(word)) below.alias(word);
    addAliases(below);
  }
}
