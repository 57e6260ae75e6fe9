import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";

/** Tries every server again that is not connected. */
export async function reconnect(session: Session): Promise<void> {
  const management = await session.management();
  const answer = await management.request("servers.reconnect", {}, { signal: session.signal });
  const { total, failed, errors } = answer;
  session.exitCode = failed === 0 ? 0 : 1;
  const lines = Object.entries(errors).map(([name, why]) => `✗ ${oneLine(name)}: ${oneLine(why)}\n`).join("");
  const done = total === 0
    ? "Every server is connected or not wanted\n"
    : `Trying ${total - failed} servers again\n`;
  await session.print(answer, () => lines + done);
}

/** Asks a server for its tools again. */
export async function discover(name: string, session: Session): Promise<void> {
  const management = await session.management();
  const answer = await management.request("servers.discover", { name }, { signal: session.signal });
  await session.print(
    answer,
    () => `Asked server "${oneLine(name)}" for its tools; they come within seconds\n`,
  );
}

/** Holds a server in quarantine. */
export async function quarantine(name: string, session: Session): Promise<void> {
  const management = await session.management();
  const answer = await management.request("servers.quarantine", { name }, { signal: session.signal });
  await session.print(answer, () => `Server "${oneLine(name)}" is held in quarantine\n`);
}
