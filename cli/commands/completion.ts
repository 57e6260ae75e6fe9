import type { Management } from "../../lib/contracts/mod.ts";
import type { Define } from "../define.ts";
import { NAME_KINDS, renderCompletion, SHELLS, toNodes } from "../render/completion.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

/** Defines `mcpproxy completion`. */
export const define: Define = (command, session) => {
  command.command("names", { hidden: true })
    .description("Print names of servers or tools that begin with a text")
    .argument("<kind>", NAME_KINDS.join(", "))
    .argument("[prefix]", "what has been typed of it")
    .action((kind, prefix = "") => printNames(kind, prefix, session));
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

/** Names that a shell could take for something else are left out. */
const PLAIN = /^[\w.:/-]+$/;

/** Prints what a daemon knows, one name a line; without one, nothing. */
async function printNames(kind: string, prefix: string, session: Session): Promise<void> {
  // Nothing is to be said beside the line that somebody types.
  const daemon = await session.daemon().catch(() => undefined);
  if (daemon === undefined) return;
  const names = kind === "tools"
    ? await toolIds(daemon, session.signal)
    : (await daemon.request("servers.list", {}, { signal: session.signal })).servers.map(({ name }) => name);
  const found = names.filter((name) => name.startsWith(prefix) && PLAIN.test(name)).sort();
  await session.terminal.stdout.write(found.map((name) => `${name}\n`).join(""));
}

/** Ids of the tools there are, those that are held included. */
async function toolIds(daemon: Management, signal: AbortSignal): Promise<readonly string[]> {
  const [{ tools }, { approvals }] = await Promise.all([
    daemon.request("tools.list", {}, { signal }),
    daemon.request("approvals.list", { kind: "tool", status: "held" }, { signal }),
  ]);
  return [...tools.map(({ id }) => id), ...approvals.map((held) => `${held.server_name}:${held.name}`)];
}
