import {
  type ConfigEffect,
  GatewayError,
  type ServerConfig,
  type VerbOutput,
  type VerbParsed,
} from "../contracts/mod.ts";
import {
  type ConfigCheck,
  describeEffect,
  isJsonObject,
  type JsonObject,
  mergeConfig,
  readValue,
  type Snapshot,
  toEdits,
} from "../config/mod.ts";
import { isQuarantined } from "../runtime/mod.ts";
import { maskTree, restoreMasks } from "../secrets/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { refuseWhenReadOnly } from "./read_only.ts";

/** A whole config that came as text or as a value. */
interface Candidate {
  readonly text?: string;
  readonly config?: JsonObject;
}

/** Verbs about the config file. */
export function configVerbs(options: ManagementOptions) {
  const { config, facts } = options;

  function effectOf(from: Snapshot, to: Snapshot["config"]): ConfigEffect {
    return describeEffect({ from: from.config, to, start: facts.startConfig, runs });
  }

  /** Writes what `next` makes of the file's own words; masks in it stand for what is there. */
  async function write(next: (stored: JsonObject) => JsonObject, ifMatch: string | undefined) {
    refuseWhenReadOnly(config.snapshot().config, "change the config");
    const { snapshot, previous, hash } = await config.revise(
      "management",
      (stored) => {
        const wanted = withoutMasks(next(stored), stored);
        refuseForbidden(config.snapshot(), stored, wanted);
        return toEdits(stored, wanted);
      },
      { ifMatch },
    );
    const effect = effectOf(previous, snapshot.config);
    return { config_path: config.path, version: snapshot.version, hash, ...effect };
  }

  /** Secrets in a candidate may be masks, which must not count as changes. */
  async function unmasked(candidate: Candidate): Promise<string | undefined> {
    const text = textOf(candidate);
    if (text === undefined || !text.includes("•") && !text.includes("****")) return text;
    const { value } = await config.document();
    return JSON.stringify(withoutMasks(readValue(text, "candidate"), value));
  }

  return {
    async get({ view }: VerbParsed<"config.get">): Promise<VerbOutput<"config.get">> {
      const { version, config: effective, notices } = config.snapshot();
      const { hash, value } = await config.document();
      // Both are objects, and masking keeps the shape.
      const shown = maskTree(view === "file" ? value : effective) as Record<string, unknown>;
      const rejection = config.rejection();
      return {
        config_path: config.path,
        version,
        hash,
        view,
        config: shown,
        notices: [...notices],
        rejected: rejection === undefined ? undefined : {
          code: rejection.code,
          message: rejection.message,
          remedy: rejection.remedy,
        },
      };
    },

    async replace({ if_match, ...candidate }: VerbParsed<"config.replace">): Promise<
      VerbOutput<"config.replace">
    > {
      const text = textOf(candidate);
      if (text === undefined) {
        throw new GatewayError("MCPX_INVALID_INPUT", "Cannot replace the config: the request has none", {
          remedy: "Send a whole config; GET /api/v1/config gives the one that is there",
        });
      }
      demandValid(await config.check(text));
      return await write(() => readValue(text, "candidate"), if_match);
    },

    patch({ patch, if_match }: VerbParsed<"config.patch">): Promise<VerbOutput<"config.patch">> {
      return write((stored) => mergeConfig(stored, patch), if_match);
    },

    async validate(candidate: VerbParsed<"config.validate">): Promise<VerbOutput<"config.validate">> {
      const check = await config.check(textOf(candidate));
      const base = { valid: check.valid, config_path: config.path };
      if (check.valid) return { ...base, problems: [], total: 0, notices: [...check.notices] };
      return { ...base, problems: [...check.problems], total: check.total, notices: [] };
    },

    async diff(candidate: VerbParsed<"config.diff">): Promise<VerbOutput<"config.diff">> {
      const check = await config.check(await unmasked(candidate));
      const snapshot = config.snapshot();
      return {
        config_path: config.path,
        running: facts.running,
        version: snapshot.version,
        ...effectOf(snapshot, demandValid(check)),
      };
    },
  };
}

/** An empty text is no candidate: it stands for the file. */
function textOf({ text, config }: Candidate): string | undefined {
  if (config !== undefined) return JSON.stringify(config, undefined, 2);
  return text === undefined || text.trim() === "" ? undefined : text;
}

function demandValid(check: ConfigCheck): Snapshot["config"] {
  if (check.valid) return check.config;
  throw check.error;
}

function runs(server: ServerConfig, config: Snapshot["config"]): boolean {
  return server.enabled && !isQuarantined(server, config);
}

/** A mask that stands for nothing would become the secret itself. */
function withoutMasks(sent: JsonObject, stored: JsonObject): JsonObject {
  const { value, unknown } = restoreMasks(sent, stored);
  const [first] = unknown;
  if (first === undefined && isJsonObject(value)) return value;
  throw new GatewayError(
    "MCPX_CONFIG_INVALID",
    `Cannot change the config: "${first}" is the mask of a secret that is not there`,
    {
      remedy: "Send the secret itself, or a reference such as ${env:NAME}",
      details: { paths: unknown },
    },
  );
}

/** What may not be added or removed one by one may not be so by the dozen either. */
function refuseForbidden({ config }: Snapshot, stored: JsonObject, wanted: JsonObject): void {
  const [before, after] = [namesOf(stored.mcpServers), namesOf(wanted.mcpServers)];
  const added = after.find((name) => !before.includes(name));
  const removed = before.find((name) => !after.includes(name));
  if (added !== undefined && !config.allow_server_add) throw notAllowed("add", added, "allow_server_add");
  if (removed === undefined || config.allow_server_remove) return;
  throw notAllowed("remove", removed, "allow_server_remove");
}

function namesOf(servers: unknown): string[] {
  if (isJsonObject(servers)) return Object.keys(servers);
  if (!Array.isArray(servers)) return [];
  return servers.flatMap((entry: unknown) =>
    isJsonObject(entry) && typeof entry.name === "string" ? [entry.name] : []
  );
}

function notAllowed(what: string, name: string, key: string): GatewayError {
  return new GatewayError("MCPX_FORBIDDEN", `Cannot ${what} server "${name}": the config does not allow it`, {
    remedy: `Set "${key}": true in the config file`,
  });
}
