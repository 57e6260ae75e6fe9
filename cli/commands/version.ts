import type { Define } from "../define.ts";
import type { Session } from "../session.ts";
import { VERSION } from "../../lib/contracts/quick.ts";

/** Defines `mcpproxy version`. */
export const define: Define = (command, session) => {
  command.action(() => printVersion(session));
};

/** Prints the version line. */
export async function printVersion(session: Session): Promise<void> {
  const { os, arch } = Deno.build;
  const value = { version: VERSION, edition: "personal", platform: `${os}/${arch}`, deno: Deno.version.deno };
  await session.print(value, () => `mcpproxy v${value.version} (${value.edition}) ${value.platform}\n`);
}
