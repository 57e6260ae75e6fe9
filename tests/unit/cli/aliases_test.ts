import { deepStrictEqual, ok } from "node:assert/strict";
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { addAliases, SAME_WORDS } from "../../../cli/aliases.ts";
import { createProgram, defineNouns, pathOf } from "../../../cli/program.ts";
import type { Session } from "../../../cli/session.ts";

Deno.test("every noun knows the same words for the same thing", async () => {
  const { program } = createProgram(80);
  await defineNouns(program, {} as Session); // kept for actions, and none runs
  const missing: string[] = [];
  const visit = (command: CommandUnknownOpts): void => {
    const known = command.commands.flatMap((below) => [below.name(), ...below.aliases()]);
    for (const words of SAME_WORDS) {
      if (!words.some((word) => known.includes(word))) continue;
      for (const word of words) if (!known.includes(word)) missing.push(`${pathOf(command)} ${word}`);
    }
    command.commands.forEach(visit);
  };
  visit(program);

  deepStrictEqual(missing, []);
});

Deno.test("addAliases() leaves a word to the command that has it", () => {
  const program = new Command("p");
  program.command("get");
  program.command("show");
  const removal = program.command("delete");
  addAliases(program);

  deepStrictEqual(program.commands.slice(0, 2).map((one) => one.aliases()), [[], []]);
  ok(["remove", "rm", "del"].every((word) => removal.aliases().includes(word)));
});
