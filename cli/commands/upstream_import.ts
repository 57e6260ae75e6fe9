import { resolve } from "node:path";
import type { ImportResult, VerbOutput } from "../../lib/contracts/mod.ts";
import { GatewayError } from "../../lib/contracts/quick.ts";
import { parseRenames } from "../pairs.ts";
import { renderImport, renderImportPaths } from "../render/import.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";

/** Options of `mcpproxy upstream import`. */
export interface ImportOptions {
  readonly format?: string;
  readonly server: readonly string[];
  readonly rename: readonly string[];
  readonly dryRun?: true;
  readonly quarantine: boolean;
}

/** Takes servers over from another client's config, or says which clients have one. */
export async function importServers(
  source: string | undefined,
  options: ImportOptions,
  session: Session,
): Promise<void> {
  if (source === undefined) return await listPaths(session);
  const result = await request(source, options, session);
  if (result.failed.length > 0) session.exitCode = 1;
  await session.print(result, (look) => renderImport(result, look));
  if (session.format !== "table") return;
  for (const warning of result.warnings) await session.note(oneLine(warning));
  await tellWhatNext(result, source, { options, session });
}

/** A file is read here, since the daemon may run elsewhere; a client's name means its usual file. */
async function request(source: string, options: ImportOptions, session: Session): Promise<ImportResult> {
  const management = await session.management();
  const { signal } = session;
  const input = {
    format: options.format,
    server_names: options.server.length === 0 ? undefined : [...options.server],
    rename: options.rename.length === 0 ? undefined : parseRenames(options.rename, "upstream import"),
    preview: options.dryRun === true,
    skip_quarantine: !options.quarantine,
  };
  if (/^[a-z-]+$/.test(source) && source !== "-" && !await isFile(source, session)) {
    return await management.request("import.path", { path: source, ...input }, { signal });
  }
  const filename = source === "-" ? "standard input" : resolve(session.platform.machine.cwd, source);
  const content = source === "-" ? await session.terminal.readAll() : await readSource(filename, session);
  return await management.request("import.content", { content, filename, ...input }, { signal });
}

async function readSource(path: string, { platform: { files } }: Session): Promise<string> {
  let text: string | undefined;
  let cause: unknown;
  try {
    text = await files.readText(path);
  } catch (error) {
    cause = error;
  }
  if (text !== undefined) return text;
  const why = cause === undefined ? "there is no such file" : "it cannot be read";
  throw new GatewayError("MCPX_CLIENT_FILE_NOT_FOUND", `Cannot import "${path}": ${why}`, { cause });
}

async function isFile(path: string, { platform: { files, machine } }: Session): Promise<boolean> {
  return (await files.stat(resolve(machine.cwd, path)).catch(() => undefined))?.kind === "file";
}

async function listPaths(session: Session): Promise<void> {
  const management = await session.management();
  const answer: VerbOutput<"import.paths"> = await management.request("import.paths", {}, {
    signal: session.signal,
  });
  await session.print(answer.paths, (look) => renderImportPaths(answer.paths, look));
  if (session.format === "table") {
    await session.note("To look first: mcpproxy upstream import CLIENT --dry-run");
  }
}

/** Why a server was left out that another name would let in. */
const RENAMABLE: ReadonlySet<string> = new Set(["already_exists", "name_clash", "invalid_name"]);

/** The options of this run, for the next one. */
function wordsOf({ format, server, rename, quarantine }: ImportOptions): string[] {
  return [
    ...(format === undefined ? [] : ["--format", format]),
    ...server.flatMap((name) => ["-s", quoted(name)]),
    ...rename.flatMap((pair) => ["--rename", quoted(pair)]),
    ...(quarantine ? [] : ["--no-quarantine"]),
  ];
}

function quoted(word: string): string {
  return /^[\w.,=@%+:/~-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

async function tellWhatNext(
  result: ImportResult,
  source: string,
  { options, session }: { readonly options: ImportOptions; readonly session: Session },
): Promise<void> {
  const { imported, preview, skipped } = result;
  const taken = skipped.find(({ reason }) => RENAMABLE.has(reason));
  if (taken !== undefined) {
    await session.note(`To give one another name: --rename "${oneLine(taken.name)}=NEW"`);
  }
  if (imported.length === 0) return await session.note("Nothing to import");
  if (preview) {
    const words = [quoted(source), ...wordsOf(options)].map(oneLine).join(" ");
    return await session.note(`Nothing was changed; to import: mcpproxy upstream import ${words}`);
  }
  if (imported.every(({ quarantined }) => !quarantined)) return;
  await session.note("They are held in quarantine; to let one in: mcpproxy upstream approve NAME");
}
