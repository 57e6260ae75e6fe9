import { type VerbInput, type VerbOutput } from "../../lib/contracts/mod.ts";
import { checkConfig, createConfigJsonSchema, readConfig } from "../../lib/config/mod.ts";
import { configPathOf, readCandidate } from "../config_place.ts";
import { renderCheck, renderEffect } from "../render/config.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";

/** Exit code for a config that is wrong. */
const INVALID = 4;

/** Shows the config as the file states it, or as it is in effect. */
export async function show(isEffective: boolean, session: Session): Promise<void> {
  const management = await session.management();
  const input: VerbInput<"config.get"> = { view: isEffective ? "effective" : "file" };
  const answer = await management.request("config.get", input, { signal: session.signal });
  await session.print(answer, () => `${JSON.stringify(answer.config, undefined, 2)}\n`);
  if (session.format !== "table") return;
  for (const notice of answer.notices) await session.note(oneLine(notice));
  if (answer.rejected === undefined) return;
  await session.note(
    `The file is not in force: ${oneLine(answer.rejected.message)} → ${oneLine(answer.rejected.remedy)}`,
  );
}

/** Prints the path of the config file: the daemon's own, if one runs. */
export async function path(session: Session): Promise<void> {
  const daemon = await session.daemon();
  const status = await daemon?.request("status.get", {}, { signal: session.signal });
  const config_path = status?.config_path ?? configPathOf(session);
  const exists = await session.platform.files.stat(config_path).catch(() => undefined) !== undefined;
  await session.print({ config_path, exists }, () => `${config_path}\n`);
  if (session.format === "table" && !exists) await session.note("There is no such file yet");
}

/** Prints the schema, which is JSON whatever the format of people is. */
export async function schema(session: Session): Promise<void> {
  const value = createConfigJsonSchema();
  await session.print(value, () => `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Checks a config; the daemon does it if one runs, since references are about its environment. */
export async function validate(file: string | undefined, session: Session): Promise<void> {
  const text = file === undefined ? undefined : await readCandidate(file, session);
  const daemon = await session.daemon();
  const answer = daemon === undefined
    ? await validateHere(text, session)
    : await daemon.request("config.validate", text === undefined ? {} : { text }, { signal: session.signal });
  if (!answer.valid) session.exitCode = INVALID;
  const name = file === undefined ? answer.config_path : file === "-" ? "standard input" : file;
  await session.print(answer, (look) => renderCheck(name, answer, look));
}

async function validateHere(
  candidate: string | undefined,
  session: Session,
): Promise<VerbOutput<"config.validate">> {
  const { platform } = session;
  const config_path = configPathOf(session);
  const text = candidate ?? await readConfig(platform.files, config_path);
  const check = checkConfig(text, { path: config_path, env: platform.env });
  const base = { valid: check.valid, config_path };
  if (check.valid) return { ...base, problems: [], total: 0, notices: [...check.notices] };
  return { ...base, problems: [...check.problems], total: check.total, notices: [] };
}

/** Says what a config would do; without a daemon it is compared with the file. */
export async function diff(
  file: string | undefined,
  setsExitCode: boolean,
  session: Session,
): Promise<void> {
  const text = file === undefined ? undefined : await readCandidate(file, session);
  const management = await session.management();
  const input = text === undefined ? {} : { text };
  const answer = await management.request("config.diff", input, { signal: session.signal });
  if (setsExitCode && answer.changed) session.exitCode = 1;
  await session.print(answer, (look) => renderEffect(answer, look));
  if (session.format !== "table") return;
  if (!answer.running) await session.note("No daemon runs; the config file takes effect when one starts");
  else if (!answer.changed) await session.note("It would change nothing");
}
