import { GatewayError, type SecretView, type VerbOutput, type VerbParsed } from "../contracts/mod.ts";
import { toEdits } from "../config/mod.ts";
import { isQuarantined } from "../runtime/mod.ts";
import {
  findPlainSecrets,
  findPlainValue,
  type PlainSecret,
  secretNamesIn,
  withReferences,
} from "../secrets/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { otherSecrets } from "./other_secrets.ts";
import { refuseWhenReadOnly } from "./read_only.ts";

/** A plain secret with the name it gets. */
interface Move extends PlainSecret {
  readonly name: string;
  readonly reference: string;
}

/** Verbs about secrets that are kept by name. */
export function secretVerbs({ config, runtime, secrets, bus, facts, platform }: ManagementOptions) {
  const configNow = () => config.snapshot().config;
  const tell = (name: string, operation: string) =>
    void bus.publish("secrets.changed", { operation, secret_name: name });

  function usersOf(name: string): string[] {
    return configNow().mcpServers.filter((server) => secretNamesIn(server).has(name)).map(({ name }) => name);
  }

  /** Those that hold the old value; without a daemon none does. */
  function restartUsers(name: string): string[] {
    const now = configNow();
    const running = now.mcpServers.filter((server) => server.enabled && !isQuarantined(server, now));
    const users = new Set(facts.running ? usersOf(name) : []);
    const restarted = running.map((server) => server.name).filter((server) => users.has(server));
    for (const server of restarted) runtime.restart(server);
    return restarted;
  }

  /** Gives each a name of its own; a name that holds the very same value is used again. */
  async function toMoves(plain: readonly PlainSecret[]): Promise<Move[]> {
    const known = new Set(await secrets.names());
    const given = new Map<string, string>();
    const moves: Move[] = [];
    for (const one of plain) {
      const name = await freeName(one, { known, given });
      given.set(name, one.value);
      moves.push({ ...one, name, reference: toReference(name) });
    }
    return moves;
  }

  async function freeName(
    { suggested, value }: PlainSecret,
    taken: { readonly known: ReadonlySet<string>; readonly given: ReadonlyMap<string, string> },
  ): Promise<string> {
    for (let count = 1;; count++) {
      const name = count === 1 ? suggested : `${suggested}-${count}`;
      const isTaken = taken.known.has(name) || taken.given.has(name);
      if (!isTaken || (taken.given.get(name) ?? await secrets.get(name)) === value) return name;
    }
  }

  return {
    async list({ all: withOthers }: VerbParsed<"secrets.list">): Promise<VerbOutput<"secrets.list">> {
      const stored = new Set(await secrets.names());
      const used = configNow().mcpServers.flatMap((server) => [...secretNamesIn(server)]);
      const all = [...new Set([...stored, ...used])].sort();
      const views = await Promise.all(all.map(async (name): Promise<SecretView> => ({
        name,
        reference: toReference(name),
        // One that another program has put into the keyring is in no list of names.
        stored: stored.has(name) || await secrets.get(name) !== undefined,
        servers: usersOf(name),
      })));
      const others = withOthers ? await otherSecrets({ config: configNow(), platform }) : [];
      const listed = [...views, ...others];
      const missing = listed.filter(({ stored }) => !stored).length;
      return { store: await secrets.kind(), secrets: listed, total: listed.length, missing };
    },

    async set({ name, value, type }: VerbParsed<"secrets.set">): Promise<VerbOutput<"secrets.set">> {
      refuseWhenReadOnly(configNow(), `set secret "${name}"`);
      const changed = await secrets.set(name, value);
      const restarted = changed ? restartUsers(name) : [];
      if (changed) tell(name, "set");
      const message = changed ? `Secret "${name}" is kept` : `Secret "${name}" has this value already`;
      return { name, type, reference: toReference(name), message, changed, restarted };
    },

    async delete({ name }: VerbParsed<"secrets.delete">): Promise<VerbOutput<"secrets.delete">> {
      refuseWhenReadOnly(configNow(), `delete secret "${name}"`);
      if (!await secrets.delete(name)) {
        throw new GatewayError("MCPX_SECRET_NOT_FOUND", `Cannot delete secret "${name}": there is none`);
      }
      tell(name, "delete");
      return { name, action: "delete", success: true, restarted: restartUsers(name) };
    },

    async move(
      { name: server, scope, key, secret_name: wanted }: VerbParsed<"secrets.move">,
    ): Promise<VerbOutput<"secrets.move">> {
      refuseWhenReadOnly(configNow(), `move a secret of server "${server}"`);
      runtime.server(server);
      const { value } = await config.document();
      const plain = plainValue(value, { server, scope: scope === "header" ? "headers" : "env", key });
      const [move] = wanted === undefined ? await toMoves([plain]) : [withName(plain, wanted)];
      if (move === undefined) throw notThere(server, scope, key);
      const kept = await secrets.get(move.name);
      if (kept !== undefined && kept !== move.value) throw nameIsTaken(move.name);
      await secrets.set(move.name, move.value);
      await config.revise("management", (stored) => toEdits(stored, withReferences(stored, [move])));
      tell(move.name, "set");
      const message = `${scope} "${key}" of server "${server}" is kept as secret "${move.name}"`;
      return { server, name: move.name, reference: move.reference, message };
    },

    async migrate({ apply }: VerbParsed<"secrets.migrate">): Promise<VerbOutput<"secrets.migrate">> {
      if (apply) refuseWhenReadOnly(configNow(), "move secrets out of the config");
      const moves = await toMoves(findPlainSecrets((await config.document()).value));
      if (apply && moves.length > 0) {
        // Kept first: whatever happens next, no value is lost.
        for (const { name, value } of moves) await secrets.set(name, value);
        await config.revise("management", (stored) => toEdits(stored, withReferences(stored, moves)));
        for (const { name } of moves) tell(name, "set");
      }
      return {
        dry_run: !apply,
        store: await secrets.kind(),
        moves: moves.map(({ server, scope, key, name, reference }) => ({
          server,
          scope,
          key,
          name,
          reference,
        })),
        total: moves.length,
      };
    },
  };
}

function withName(plain: PlainSecret, name: string): Move {
  return { ...plain, name, reference: toReference(name) };
}

/** One value as the file states it. @throws {GatewayError} MCPX_INVALID_INPUT — it is not there, or a reference. */
function plainValue(
  config: Readonly<Record<string, unknown>>,
  place: { readonly server: string; readonly scope: PlainSecret["scope"]; readonly key: string },
): PlainSecret {
  const found = findPlainValue(config, place);
  if (found === undefined) throw notThere(place.server, place.scope, place.key);
  if (!found.value.includes("${")) return found;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot move ${place.scope} "${place.key}" of server "${place.server}": it is a reference already`,
  );
}

function notThere(server: string, scope: string, key: string): GatewayError {
  return new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot move ${scope} "${key.slice(0, 100)}" of server "${server}": the config states no such value`,
    { remedy: `See its names: mcpproxy upstream get ${server}` },
  );
}

function nameIsTaken(name: string): GatewayError {
  return new GatewayError(
    "MCPX_SECRET_EXISTS",
    `Cannot keep secret "${name}": another value is kept under this name`,
  );
}

function toReference(name: string): string {
  return `\${keyring:${name}}`;
}
