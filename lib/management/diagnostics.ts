import {
  type Check,
  type ErrorCode,
  FIXER_KEYS,
  type FixStep,
  GatewayError,
  type VerbOutput,
  type VerbParsed,
} from "../contracts/mod.ts";
import { readServerLog } from "../observability/mod.ts";
import type { ServerRecord } from "../runtime/mod.ts";
import {
  checkActivity,
  checkCommands,
  checkConfig,
  checkDisk,
  checkModes,
  checkPort,
  checkStorage,
  findWideModes,
  orFailure,
} from "./checks.ts";
import { checkOpenFiles } from "./check_open_files.ts";
import { checkIsolation } from "./isolation.ts";
import type { ManagementOptions } from "./options.ts";
import { checkPackages } from "./packages.ts";
import { checkScans } from "./scans.ts";
import { toHealth, toIso } from "./server_views.ts";

type FixerKey = typeof FIXER_KEYS[number];

const LOG_LINES = 20;

/** Verbs that look for what is wrong, and mend it where that is safe. */
export function diagnosticVerbs(options: ManagementOptions) {
  const { runtime, config, platform } = options;

  async function look(): Promise<Check[]> {
    const records = [...runtime.view().servers].sort(([a], [b]) => (a < b ? -1 : 1));
    const entries = new Map(records.map(([name, record]) => [name, record.config]));
    return [
      await orFailure("config", () => checkConfig(options)),
      await orFailure("modes", () => checkModes(options)),
      await orFailure("port", () => checkPort(options)),
      await orFailure("storage", () => checkStorage(options)),
      await orFailure("activity", () => checkActivity(options)),
      await orFailure("disk", () => checkDisk(options)),
      await orFailure("open_files", () => checkOpenFiles(platform, entries.values())),
      await orFailure("scans", () => checkScans(options)),
      ...await checkIsolation(options, entries.values()),
      ...await checkCommands(entries, platform, config.path),
      await orFailure("packages", () => checkPackages(entries)),
      ...records.map(([name, record]) => checkServer(name, record)),
    ];
  }

  function checkServer(name: string, record: ServerRecord): Check {
    const id = `server:${name}`;
    const { level, summary, detail } = toHealth(runtime, name, record);
    const { lastError } = record;
    if (
      !options.facts.running && record.state.state === "idle" && record.config.enabled && !record.quarantined
    ) {
      return { id, server: name, level: "skipped", summary: "no daemon runs that would have started it" };
    }
    if (level === "healthy" || lastError === undefined) {
      return { id, server: name, level: level === "healthy" ? "ok" : "warning", summary: detail ?? summary };
    }
    const fixer = fixerOf(lastError.code);
    return {
      id,
      server: name,
      level: level === "degraded" ? "warning" : "problem",
      summary: `${summary}: ${lastError.message}`,
      code: lastError.code,
      remedy: lastError.remedy,
      ...(fixer === undefined ? {} : { fixer_key: fixer }),
    };
  }

  async function tighten(execute: boolean): Promise<FixStep[]> {
    const wide = await findWideModes(options);
    return await Promise.all(wide.map(async ({ path, mode }) => {
      if (execute) await platform.files.chmod(path, mode);
      return { text: `chmod 0${mode.toString(8)} ${path}`, done: execute };
    }));
  }

  function restart(name: string, execute: boolean): FixStep[] {
    const { state, config: { enabled }, quarantined } = runtime.server(name);
    const isStuck = state.state === "failed" || state.state === "backoff";
    if (!isStuck || !enabled || quarantined || !options.facts.running) return [];
    if (execute) runtime.restart(name);
    return [{ text: `mcpproxy upstream restart ${name}`, done: execute }];
  }

  async function lastWords(name: string): Promise<FixStep[]> {
    runtime.server(name);
    const { logDirectory: directory } = options;
    const lines = await readServerLog({ files: platform.files, directory, name, tail: LOG_LINES });
    return lines.map(({ timestamp, level, message }) => ({
      text: `${timestamp} ${level} ${message}`,
      done: true,
    }));
  }

  return {
    async get(): Promise<VerbOutput<"diagnostics.get">> {
      const checks = await look();
      const records = [...runtime.view().servers];
      return {
        total_issues: checks.filter(isIssue).length,
        checks,
        upstream_errors: records.flatMap(([name, { lastError }]) =>
          lastError === undefined ? [] : [{
            server_name: name,
            error_message: lastError.message,
            code: lastError.code,
            timestamp: toIso(lastError.at),
          }]
        ),
        oauth_required: records.flatMap(([name, { state }]) =>
          state.state !== "authenticating"
            ? []
            : [{ server_name: name, state: state.state, message: "A person has to sign in" }]
        ),
        missing_secrets: missingSecrets(records),
        runtime_warnings: checks.filter(({ level, server }) => level === "warning" && server === undefined)
          .map(({ summary }) => summary),
        timestamp: toIso(platform.clock.now()),
      };
    },

    async server({ name }: VerbParsed<"diagnostics.server">): Promise<VerbOutput<"diagnostics.server">> {
      const record = runtime.server(name);
      const commands = await checkCommands(new Map([[name, record.config]]), platform, config.path);
      return { server_name: name, checks: [checkServer(name, record), ...commands] };
    },

    async fix(
      { code, server, fixer_key: wanted, mode }: VerbParsed<"diagnostics.fix">,
    ): Promise<VerbOutput<"diagnostics.fix">> {
      const key = wanted ?? fixerOf(code);
      if (key === undefined || (wanted !== undefined && !fits(wanted, code))) throw notMendable(code, wanted);
      const execute = mode === "execute";
      const answer = { code, server, fixer_key: key, mode };
      if (key === "modes_tighten") return { ...answer, steps: await tighten(execute) };
      if (server === undefined) throw needsServer(code);
      const steps = key === "server_restart" ? restart(server, execute) : await lastWords(server);
      return { ...answer, steps };
    },
  };
}

/** Tells whether a person should do something. */
function isIssue({ level }: Check): boolean {
  return level === "warning" || level === "problem";
}

/** Trying again changes nothing about these: something outside has to change first. */
const NEEDS_A_PERSON = /^MCPX_(?:CONFIG_|HTTP_40[134]|STDIO_SPAWN)/;

function fixerOf(code: ErrorCode): FixerKey | undefined {
  if (code === "MCPX_DATA_DIR_DENIED") return "modes_tighten";
  if (!/^MCPX_(?:STDIO|HTTP|UPSTREAM)_/.test(code) || NEEDS_A_PERSON.test(code)) return undefined;
  return "server_restart";
}

function fits(key: FixerKey, code: ErrorCode): boolean {
  return key === fixerOf(code) || (key === "stdio_show_last_logs" && code.startsWith("MCPX_STDIO_"));
}

function notMendable(code: string, key: string | undefined): GatewayError {
  const what = key === undefined ? "nothing that is safe would mend it" : `"${key}" does not mend it`;
  return new GatewayError("MCPX_NOT_FIXABLE", `Cannot fix "${code}": ${what}`, {
    remedy: `mcpproxy doctor explain ${code}`,
    details: { code },
  });
}

function needsServer(code: string): GatewayError {
  return new GatewayError("MCPX_INVALID_INPUT", `Cannot fix "${code}": no server is named, wanted "server"`, {
    remedy: "Name the server: --server NAME",
  });
}

function missingSecrets(records: readonly (readonly [string, ServerRecord])[]) {
  const users = new Map<string, string[]>();
  for (const [name, { lastError }] of records) {
    if (lastError?.code !== "MCPX_CONFIG_MISSING_SECRET") continue;
    for (const [reference] of lastError.message.matchAll(/\$\{[^}]+\}/g)) {
      users.set(reference, [...(users.get(reference) ?? []), name]);
    }
  }
  return [...users].map(([secret, servers]) => ({ secret_name: secret, used_by: servers }));
}
