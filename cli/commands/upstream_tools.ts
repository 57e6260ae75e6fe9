import type { Define } from "../define.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";
import { switchTools } from "./tools_review.ts";

const NAME = "name of the server";

/** Defines `mcpproxy upstream tools …`: which tools of a server are offered. */
export const defineTools: Define = (command, session) => {
  const tools = command.command("tools").description("Offer tools of a server, or do not").helpCommand(false);
  for (const enabled of [true, false]) {
    const [word, what] = enabled ? ["enable", "Offer"] : ["disable", "Do not offer"];
    tools.command(word)
      .description(`${what} tools of a server; the same as tools ${word} SERVER:TOOL`)
      .argument("<name>", NAME)
      .argument("<tools...>", "names of tools on the server")
      .action((name, wanted) => switchTools(enabled, wanted.map((tool) => `${name}:${tool}`), session));
    tools.command(`${word}-all`)
      .description(`${what} any tool of a server`)
      .argument("<name>", NAME)
      .action((name) => switchAll(name, enabled, session));
  }
};

async function switchAll(name: string, enabled: boolean, session: Session): Promise<void> {
  const management = await session.management();
  const { signal } = session;
  const answer = enabled
    ? await management.request("tools.enable_all", { name }, { signal })
    : await management.request("tools.disable_all", { name }, { signal });
  const done = enabled ? "Enabled" : "Disabled";
  await session.print(
    answer,
    () =>
      `${done} ${answer.changed} ${answer.changed === 1 ? "tool" : "tools"} of server "${oneLine(name)}"\n`,
  );
}
