import type { Define } from "../define.ts";
import { renderStatus } from "../render/status.ts";
import type { Session } from "../session.ts";

/** Defines `mcpproxy status`. */
export const define: Define = (command, session) => {
  command.option("--show-key", "print the API key in full").action((options) =>
    showStatus(options.showKey === true, session)
  );
};

async function showStatus(showKey: boolean, session: Session): Promise<void> {
  const management = await session.management();
  const input = showKey ? { show_key: true } : {};
  const status = await management.request("status.get", input, { signal: session.signal });
  await session.print(status, (look) => renderStatus(status, look));
}
