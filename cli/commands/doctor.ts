import type { Check, Management } from "../../lib/contracts/mod.ts";
import {
  ERROR_KINDS,
  GatewayError,
  isErrorCode,
  rpcCodeOf,
  toGatewayError,
  VERSION,
} from "../../lib/contracts/quick.ts";
import type { Define } from "../define.ts";
import { renderChecks, renderCode, renderCodes } from "../render/doctor.ts";
import type { Session } from "../session.ts";
import { toCode } from "./error_code.ts";
import { fix } from "./doctor_fix.ts";

/** Defines `mcpproxy doctor …`. */
export const define: Define = (command, session) => {
  command
    .option("-s, --server <name>", "only this server")
    .action((options) => examine(options.server, session));
  command.command("explain")
    .description("Say what an error code means and what to do about it")
    .argument("<code>", "such as MCPX_STDIO_SPAWN_ENOENT")
    .action((code) => explain(code, session));
  command.command("list-codes")
    .description("List every error code")
    .action(() => {
      const codes = Object.keys(ERROR_KINDS).map(toEntry);
      return session.print(codes, (look) => renderCodes(codes, look));
    });
  command.command("fix")
    .description("Mend what is safe to mend; says what it would do unless told to do it")
    .argument("[code]", "error code; everything that doctor finds when absent")
    .option("-s, --server <name>", "server that has the problem")
    .option("--fixer-key <key>", "modes_tighten, server_restart or stdio_show_last_logs")
    .option("--execute", "do it")
    .action((code, options) => {
      // The command above has an option of the same name and takes it first, wherever it stands.
      const { server = options.server }: { server?: string } = command.opts();
      return fix(code, { ...options, server }, session);
    });
};

/** What a person should do something about ends with 1, so that scripts can ask. */
async function examine(server: string | undefined, session: Session): Promise<void> {
  const checks = server === undefined ? await findAll(session) : await findOne(server, session);
  const issues = checks.filter(({ level }) => level === "warning" || level === "problem").length;
  session.exitCode = checks.some(({ level }) => level === "problem") ? 1 : 0;
  await session.print({ total_issues: issues, checks }, (look) => renderChecks(checks, look));
}

async function findOne(name: string, session: Session): Promise<readonly Check[]> {
  const management = await session.management();
  return (await management.request("diagnostics.server", { name }, { signal: session.signal })).checks;
}

/** What keeps the gateway from being opened at all is the first thing to be told. */
async function findAll(session: Session): Promise<readonly Check[]> {
  let management: Management;
  try {
    management = await session.management();
  } catch (thrown) {
    const { code, message, remedy } = toGatewayError(thrown);
    return [versionCheck(VERSION), { id: "gateway", level: "problem", summary: message, code, remedy }];
  }
  const { signal } = session;
  const status = await management.request("status.get", {}, { signal });
  const { checks } = await management.request("diagnostics.get", {}, { signal });
  return [versionCheck(status.version), daemonCheck(management, status), ...checks];
}

function versionCheck(version: string): Check {
  if (version === VERSION) return { id: "version", level: "ok", summary: VERSION };
  return {
    id: "version",
    level: "warning",
    summary: `the daemon is ${version}, this program ${VERSION}`,
    remedy: "Start the daemon again with this version",
  };
}

function daemonCheck(
  { kind }: Management,
  { socket_path: socket, pid }: { readonly socket_path: string; readonly pid?: number },
): Check {
  if (kind === "remote") return { id: "daemon", level: "ok", summary: `process ${pid} answers` };
  return {
    id: "daemon",
    level: "warning",
    summary: `no daemon answers at ${socket}`,
    code: "MCPX_DAEMON_NOT_RUNNING",
    remedy: ERROR_KINDS.MCPX_DAEMON_NOT_RUNNING.remedy,
  };
}

async function explain(text: string, session: Session): Promise<void> {
  const code = toCode(text);
  const entry = toEntry(code);
  await session.print(entry, (look) => renderCode(entry, look));
}

function toEntry(code: string) {
  if (!isErrorCode(code)) throw new GatewayError("MCPX_INTERNAL", `Cannot explain "${code}"`);
  const { cause, remedy, exit, status } = ERROR_KINDS[code];
  return { code, cause, remedy, exit, status, rpc: rpcCodeOf(code) };
}
