import { dirname, join, resolve } from "node:path";
import { importConfig } from "../../lib/config/mod.ts";
import { configPathOf } from "../config_place.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

/** Takes over a config of mcpproxy-go. */
export async function importOld(file: string | undefined, force: boolean, session: Session): Promise<void> {
  const { platform } = session;
  const path = configPathOf(session);
  const from = file === undefined
    ? join(dirname(path), "mcp_config.json")
    : resolve(platform.machine.cwd, file);
  if (from === path) {
    throw usageError(`Cannot import "${from}": it is the config file itself`, "config import");
  }
  const { servers, notices, backup } = await importConfig(platform, { from, path, force });
  await session.print(
    { from, config_path: path, servers, notices, backup },
    () =>
      `Imported ${servers.length} ${servers.length === 1 ? "server" : "servers"} from ${oneLine(from)} into ${
        oneLine(path)
      }\n`,
  );
  if (session.format !== "table") return;
  for (const notice of notices) await session.note(oneLine(notice));
  if (backup !== undefined) await session.note(`The config that was there is kept in ${oneLine(backup)}`);
}
