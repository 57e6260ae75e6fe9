import { GatewayError, toGatewayError } from "../../lib/contracts/quick.ts";
import { ensureConfig, readConfig, saveHandEdit } from "../../lib/config/mod.ts";
import { configPathOf } from "../config_place.ts";
import { confirm } from "../prompts/confirm.ts";
import { renderError } from "../render/error.ts";
import { oneLine } from "../render/text.ts";
import { lookOf, type Session } from "../session.ts";
import { usageError } from "../usage.ts";

const OWNER_ONLY = 0o600;

/**
 * Lets a person edit a copy of the config file, and puts it in its place once
 * it is right. What others change in the file meanwhile stays; what the person
 * has written is never thrown away.
 */
export async function edit(session: Session): Promise<void> {
  const { platform } = session;
  const path = await fileToEdit(session);
  const editor = editorOf(session);
  await ensureConfig(platform, { path });
  const base = await readConfig(platform.files, path);
  // Beside the file: the same disk, the same privacy, and an ending that editors know.
  const copy = path.replace(/(\.jsonc?)?$/, `.edit-${platform.random.uuid().slice(0, 8)}$1`);
  await platform.files.writeAtomic(copy, base, OWNER_ONLY);
  try {
    await work(session, { path, base, copy, editor });
  } catch (error) {
    throw await withCopy(error, session, { base, copy });
  }
}

/** Everything about one edit. */
interface Work {
  readonly path: string;
  readonly base: string;
  readonly copy: string;
  readonly editor: string;
}

async function work(session: Session, { path, base, copy, editor }: Work): Promise<void> {
  for (;;) {
    const text = await letEdit(session, editor, copy);
    if (text === base) {
      await session.platform.files.remove(copy);
      return await session.note("Nothing was changed");
    }
    try {
      const outcome = await saveHandEdit(session.platform, { path, base, text });
      await session.platform.files.remove(copy);
      return await tell(session, path, outcome);
    } catch (error) {
      if (!await wantsAnotherTry(error, session)) throw error;
    }
  }
}

async function fileToEdit(session: Session): Promise<string> {
  const daemon = await session.daemon();
  const status = await daemon?.request("status.get", {}, { signal: session.signal });
  return status?.config_path ?? configPathOf(session);
}

function editorOf({ platform: { env, machine }, terminal }: Session): string {
  const named = env.VISUAL?.trim() || env.EDITOR?.trim();
  if (named) return named;
  if (terminal.isInteractive) return machine.os === "windows" ? "notepad" : "vi";
  throw usageError("Cannot edit the config: there is no terminal and no editor is named", "config edit");
}

async function letEdit({ terminal, platform }: Session, editor: string, copy: string): Promise<string> {
  const code = await terminal.edit(editor, copy);
  if (code === 0) return await readConfig(platform.files, copy);
  throw new GatewayError("MCPX_USAGE", `Cannot edit the config: "${editor}" ended with exit code ${code}`, {
    remedy: "Set VISUAL or EDITOR to a command that waits until the file is saved, such as code --wait",
  });
}

async function wantsAnotherTry(error: unknown, session: Session): Promise<boolean> {
  const { terminal, platform } = session;
  if (!terminal.isInteractive || !(error instanceof GatewayError)) return false;
  await terminal.stderr.write(renderError(error, lookOf(terminal.stderr, platform.env)));
  return await confirm("Open it again?", terminal);
}

async function tell(session: Session, path: string, outcome: "saved" | "merged"): Promise<void> {
  await session.print({ config_path: path, outcome }, () => `Saved ${oneLine(path)}\n`);
  if (session.format !== "table" || outcome === "saved") return;
  await session.note(
    "The file was changed by others meanwhile; your changes, save for new comments, were put into it",
  );
}

/** Says where the text of the person is, unless there is none to keep. */
async function withCopy(
  thrown: unknown,
  { platform: { files } }: Session,
  { base, copy }: Pick<Work, "base" | "copy">,
): Promise<GatewayError> {
  const error = toGatewayError(thrown);
  const kept = await files.readText(copy).catch(() => undefined);
  if (kept === undefined || kept === base) {
    await files.remove(copy).catch(() => false);
    return error;
  }
  return new GatewayError(error.code, error.message, {
    remedy: `${error.remedy}. Your text is kept in ${copy}`,
    cause: error,
    details: { ...error.details, kept: copy },
  });
}
