import type { Define } from "../define.ts";
import { renderCompletion, SHELLS, toNodes } from "../render/completion.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

/** Defines `mcpproxy completion`. */
export const define: Define = (command, session) => {
  command
    .argument("<shell>", SHELLS.join(", "))
    .addHelpText(
      "after",
      `
Examples:
  bash  eval "$(mcpproxy completion bash)"                                   in ~/.bashrc
  zsh   eval "$(mcpproxy completion zsh)"                                    in ~/.zshrc, after compinit
  fish  mcpproxy completion fish > ~/.config/fish/completions/mcpproxy.fish
`,
    )
    .action((shell) => printScript(shell, session));
};

async function printScript(name: string, session: Session): Promise<void> {
  const shell = SHELLS.find((candidate) => candidate === name);
  if (shell === undefined) {
    throw usageError(`Cannot complete in shell "${name}": wanted ${SHELLS.join(", ")}`, "completion");
  }
  const program = await session.loadProgram();
  await session.terminal.stdout.write(renderCompletion(shell, toNodes(program)));
}
