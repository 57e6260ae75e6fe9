import { resolve } from "node:path";
import type { ActivityExport } from "../../lib/contracts/mod.ts";
import { GatewayError } from "../../lib/contracts/quick.ts";
import type { Session } from "../session.ts";
import { type FilterOptions, toCount, toFilter } from "./activity_filter.ts";

/** Options of `mcpproxy activity export`. */
export interface ExportOptions extends FilterOptions {
  readonly format: string;
  readonly includeBodies?: true;
  readonly limit: string;
}

/** Writes records to standard output or to a new file. */
export async function exportTo(options: ExportOptions, session: Session): Promise<void> {
  const input = {
    ...toFilter(options),
    format: options.format,
    include_bodies: options.includeBodies === true,
    limit: toCount(options.limit, "--limit", { min: 1, max: 50_000 }),
  } as ActivityExport; // the service checks the words
  const management = await session.management();
  const pieces = management.exportActivity(input, { signal: session.signal });
  // The program takes every --output for its own, wherever it stands.
  const { output } = session.globals;
  if (output === undefined) {
    for await (const text of pieces) await session.terminal.stdout.write(text);
    return;
  }
  const path = resolve(session.platform.machine.cwd, output);
  const count = await writeFile(session, path, pieces);
  await session.note(`Wrote ${count} bytes to ${path}`);
}

/** The records may tell what nobody else should read, so the file is its owner's only. */
async function writeFile(session: Session, path: string, pieces: AsyncIterable<string>): Promise<number> {
  const { files } = session.platform;
  if (await files.stat(path) !== undefined) {
    throw new GatewayError("MCPX_USAGE", `Cannot write "${path}": the file exists, wanted a new one`, {
      remedy: "Choose another name, or remove the file",
    });
  }
  let file: ReturnType<typeof files.openAppend> | undefined;
  let count = 0;
  try {
    for await (const text of pieces) {
      // Made when there is something to write: a refused export leaves no file.
      file ??= files.openAppend(path, 0o600);
      file.write(text);
      count += new TextEncoder().encode(text).length;
    }
    file ??= files.openAppend(path, 0o600);
  } finally {
    file?.[Symbol.dispose]();
  }
  return count;
}
