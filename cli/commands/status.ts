import type { Define } from "../define.ts";
import { renderStatus } from "../render/status.ts";
import type { Session } from "../session.ts";
import { watch } from "../watch.ts";

/** Defines `mcpproxy status`. */
export const define: Define = (command, session) => {
  command
    .option("-w, --watch", "show it anew whenever something changes, until Ctrl-C")
    .option("--show-key", "print the API key in full")
    .option("--web-url", "print a link that signs a browser in to the web page, once")
    .option("--reset-key", "make a new admin key and print it; the old one is refused from then on")
    .option("-y, --yes", "with --reset-key: do not ask")
    .option(
      "--mcp-config <client>",
      "print what to put into the file of an MCP client, with a token made for it",
    )
    .option("--servers <list>", "with --mcp-config: servers it may use, with commas between; * for all")
    .option("--permissions <list>", "with --mcp-config: read, write, destructive; all when absent")
    .option("--profile-pin <profile>", "with --mcp-config: the only profile it may use")
    .option("--expires <time>", "with --mcp-config: how long it lasts; 365d when absent")
    .action(async (options) => {
      if (options.resetKey === true) {
        const { resetKey } = await import("./status_access.ts");
        return await resetKey(options.yes === true, session);
      }
      if (options.mcpConfig === undefined && options.webUrl !== true) {
        const show = () => showStatus(options.showKey === true, session);
        return options.watch === true
          ? await watch({ show, types: ["servers", "config"] }, session)
          : await show();
      }
      const { printSnippet, printWebUrl } = await import("./status_access.ts");
      if (options.mcpConfig === undefined) return await printWebUrl(session);
      await printSnippet(options.mcpConfig, options, session);
    });
};

async function showStatus(showKey: boolean, session: Session): Promise<void> {
  const management = await session.management();
  const input = showKey ? { show_key: true } : {};
  const status = await management.request("status.get", input, { signal: session.signal });
  await session.print(status, (look) => renderStatus(status, look));
}
