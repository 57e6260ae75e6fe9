import type { Check, VerbInput, VerbOutput } from "../../lib/contracts/mod.ts";
import { FIXER_KEYS, toGatewayError } from "../../lib/contracts/quick.ts";
import { renderFixes } from "../render/doctor.ts";
import { locatePlace } from "../place.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";
import { toCode } from "./error_code.ts";

interface Options {
  readonly server?: string;
  readonly fixerKey?: string;
  readonly execute?: true;
}

type Fix = VerbOutput<"diagnostics.fix">;

/** Carries out `mcpproxy doctor fix`. */
export async function fix(code: string | undefined, options: Options, session: Session): Promise<void> {
  const key = FIXER_KEYS.find((one) => one === options.fixerKey);
  if (options.fixerKey !== undefined && key === undefined) {
    throw usageError(`Cannot use fixer "${options.fixerKey}": wanted ${FIXER_KEYS.join(", ")}`, "doctor fix");
  }
  const mode = options.execute === true ? "execute" : "dry_run";
  const fixes = code === undefined
    ? await fixAll(mode, options.server, session)
    : [await fixOne({ code: toCode(code), server: options.server, fixer_key: key, mode }, session)];
  await session.print(fixes, (look) => renderFixes(fixes, look));
  if (session.format !== "table") return;
  const isLeft = fixes.some(({ steps }) => steps.some(({ done }) => !done));
  if (isLeft) await session.note("Nothing was done yet; --execute does it");
}

async function fixOne(input: VerbInput<"diagnostics.fix">, session: Session): Promise<Fix> {
  const opened = await session.management().catch((thrown) => toGatewayError(thrown));
  if ("request" in opened) return await opened.request("diagnostics.fix", input, { signal: session.signal });
  // With such a directory nothing can be opened that would mend it.
  if (input.code !== "MCPX_DATA_DIR_DENIED" || opened.code !== input.code) throw opened;
  return await tightenHere(input, session);
}

async function tightenHere(
  { code, mode = "dry_run" }: VerbInput<"diagnostics.fix">,
  session: Session,
): Promise<Fix> {
  const { dataDir } = await locatePlace(session.platform, session.globals);
  const execute = mode === "execute";
  if (execute) await session.platform.files.chmod(dataDir, 0o700);
  const steps = [{ text: `chmod 0700 ${dataDir}`, done: execute }];
  return { code, fixer_key: "modes_tighten", mode, steps };
}

async function fixAll(
  mode: "dry_run" | "execute",
  server: string | undefined,
  session: Session,
): Promise<Fix[]> {
  const management = await session.management();
  const { signal } = session;
  const { checks } = await management.request("diagnostics.get", {}, { signal });
  const wanted = checks.filter((check) => server === undefined || check.server === server).flatMap(toInput);
  const fixes: Fix[] = [];
  for (const input of wanted) {
    fixes.push(await management.request("diagnostics.fix", { ...input, mode }, { signal }));
  }
  return fixes.filter(({ steps }) => steps.length > 0);
}

function toInput({ code, server, fixer_key: key }: Check): VerbInput<"diagnostics.fix">[] {
  return code === undefined || key === undefined ? [] : [{ code: toCode(code), server, fixer_key: key }];
}
