import { dirname, join } from "node:path";
import {
  type ClientStatus,
  type ConnectResult,
  GatewayError,
  toGatewayError,
  type VerbOutput,
  type VerbParsed,
} from "../contracts/mod.ts";
import { type EntryPlace, findEntry, putEntry, sameButFor } from "../client_files/mod.ts";
import { CLIENT_NAMES, type ClientKind, type ClientName, CLIENTS } from "./client_configs/clients.ts";
import { renderSnippet } from "./client_configs/snippet.ts";
import {
  backupsOf,
  changedMeanwhile,
  type ClientText,
  fingerprint,
  readClientText,
  replace,
  writeClientText,
} from "./client_file.ts";
import { existingPath } from "./client_paths.ts";
import type { Credentials } from "./credentials.ts";
import { entryTexts, summaryOf } from "./entry_facts.ts";
import { findClient } from "./find_client.ts";
import { mcpUrl } from "./mcp_url.ts";
import type { ManagementOptions } from "./options.ts";
import { ownAddress } from "./own_address.ts";

const MASK = "••••";
const DEFAULT_NAME = "mcpproxy";

/** What is known of a client's file and its entry. */
interface Look {
  readonly client: ClientName;
  readonly place: EntryPlace;
  readonly file: ClientText;
  readonly entry: ReturnType<typeof findEntry>;
}

/** Verbs that put the gateway into the files of clients. */
export function connectVerbs(options: ManagementOptions, credentials: Credentials) {
  const { platform, facts } = options;
  const { files, machine, env } = platform;
  const isOwn = ownAddress(options);
  const isHere = (entry: Look["entry"]) => entryTexts(entry).some(isOwn);

  async function pathOf(client: ClientName): Promise<string> {
    const { path } = await existingPath(files, client, { os: machine.os, home: machine.home, env });
    return path;
  }

  async function look(clientName: string, name: string): Promise<Look> {
    const client = findClient(clientName);
    const path = await pathOf(client);
    const file = await readClientText(files, path);
    const place = { client, path, name };
    return { client, place, file, entry: file.text === undefined ? undefined : findEntry(file.text, place) };
  }

  async function status(client: ClientName, name: string): Promise<ClientStatus> {
    const { title, format }: ClientKind = CLIENTS[client];
    const path = await pathOf(client);
    const common = {
      client,
      title,
      config_path: path,
      format,
      installed: await isInstalled(client, path),
      backups: await backupsOf(files, path),
    };
    try {
      const { file, entry } = await look(client, name);
      const connected = isHere(entry);
      return {
        ...common,
        access_state: file.text === undefined ? "absent" : "accessible",
        connected,
        conflicting: entry !== undefined && !connected,
      };
    } catch (error) {
      const { code, message } = toGatewayError(error);
      const access_state = code === "MCPX_CLIENT_FILE_DENIED" ? "denied" : "malformed";
      return { ...common, access_state, connected: false, conflicting: false, problem: message };
    }
  }

  /** A client that was used has a directory of its own; Claude Code has its file in the home directory. */
  async function isInstalled(client: ClientName, path: string): Promise<boolean> {
    const trace = client === "claude-code" ? path : dirname(path);
    return await files.stat(trace).catch(() => undefined) !== undefined;
  }

  function target(token: string | undefined) {
    const address = facts.listenAddress();
    if (address.endsWith(":0")) {
      throw new GatewayError(
        "MCPX_LISTEN_INVALID",
        `Cannot connect a client to "${address}": the port is not fixed`,
        {
          remedy: 'Set "listen" in the config to an address with a port, such as 127.0.0.1:8080',
        },
      );
    }
    return { url: mcpUrl(address), token };
  }

  async function refusal({ client, place, file, entry }: Look): Promise<GatewayError | undefined> {
    const { title, mayCreate }: ClientKind = CLIENTS[client];
    if (file.text === undefined && !mayCreate) {
      return new GatewayError(
        "MCPX_CLIENT_FILE_NOT_FOUND",
        `Cannot connect ${title}: there is no file "${place.path}"`,
        {
          remedy: `Start ${title} once, so that it makes its file`,
        },
      );
    }
    if (file.text === undefined && !await isInstalled(client, place.path)) {
      return new GatewayError(
        "MCPX_CLIENT_FILE_NOT_FOUND",
        `Cannot connect ${title}: it has left no trace here`,
        {
          remedy: `Start ${title} once, or make its file all the same with --force`,
        },
      );
    }
    if (entry === undefined || isHere(entry)) return undefined;
    return new GatewayError(
      "MCPX_CLIENT_ENTRY_EXISTS",
      `Cannot connect ${title}: its entry "${place.name}" leads elsewhere`,
      { details: { client } },
    );
  }

  return {
    async list(): Promise<VerbOutput<"connect.list">> {
      return { clients: await Promise.all(CLIENT_NAMES.map((client) => status(client, DEFAULT_NAME))) };
    },

    get: ({ client, server_name }: VerbParsed<"connect.get">) => status(findClient(client), server_name),

    async preview(input: VerbParsed<"connect.preview">): Promise<VerbOutput<"connect.preview">> {
      const found = await look(input.client, input.server_name);
      const { client, place, file, entry } = found;
      const { title, format, key, entry: toEntry }: ClientKind = CLIENTS[client];
      const isAsked = credentials.areAsked();
      const masked = target(isAsked ? MASK : undefined);
      const value = toEntry(masked);
      if (file.text !== undefined) putEntry(file.text, place, { ...value });
      return {
        client,
        title,
        config_path: place.path,
        format,
        server_key: key,
        server_name: place.name,
        entry: { ...value },
        entry_text: renderSnippet(client, { name: place.name, ...masked }),
        entry_exists: entry !== undefined,
        contains_api_key: isAsked,
        bridge: "command" in value,
        access_state: file.text === undefined ? "absent" : "accessible",
        existing_entry_summary: entry === undefined ? undefined : summaryOf(place.name, entry),
        precondition_token: fingerprint(file.text),
        connect_refusal: (await refusal(found))?.message,
      };
    },

    async add(input: VerbParsed<"connect.add">): Promise<ConnectResult> {
      const found = await look(input.client, input.server_name);
      const { client, place, file, entry } = found;
      const precondition = input.precondition_token;
      if (precondition !== undefined && precondition !== fingerprint(file.text)) {
        throw changedMeanwhile(place.path);
      }
      const refused = input.force ? undefined : await refusal(found);
      if (refused !== undefined) throw refused;
      if (entry !== undefined && !input.force && isHere(entry)) {
        return done(found, { action: "already_exists" });
      }
      const { entry: toEntry }: ClientKind = CLIENTS[client];
      // Tried with a mask first: a token is made only for an entry that can be written.
      putEntry(file.text ?? "", place, { ...toEntry(target(MASK)) });
      const made = await credentials.issue(client);
      const next = putEntry(file.text ?? "", place, { ...toEntry(target(made?.text)) });
      const backup = await writeClientText(platform, file, next).catch(async (error) => {
        if (made !== undefined) await credentials.withdraw(made.text, client);
        throw error;
      });
      await forget(found);
      return done(found, {
        action: entry === undefined ? "created" : "updated",
        backup_path: backup,
        token: made?.name,
        warnings: made?.warnings,
      });
    },

    async remove(input: VerbParsed<"connect.remove">): Promise<ConnectResult> {
      const found = await look(input.client, input.server_name);
      const { place, file, entry } = found;
      if (entry === undefined || file.text === undefined) return done(found, { action: "not_found" });
      const backup = await writeClientText(platform, file, putEntry(file.text, place, undefined));
      return done(found, { action: "removed", backup_path: backup, token: await forget(found) });
    },

    async undo(input: VerbParsed<"connect.undo">): Promise<ConnectResult> {
      const found = await look(input.client, input.server_name);
      const { place, file, entry } = found;
      const names = await backupsOf(files, place.path);
      const name = input.backup_name ?? names[0];
      if (name === undefined || !names.includes(name)) throw noBackup(place.path, input.backup_name);
      const backup = join(dirname(place.path), name);
      const before = await files.readText(backup) ?? "";
      if (!input.force && !sameButFor(file.text ?? "", before, place)) throw changedSince(place.path, name);
      const old = before === "" ? undefined : findEntry(before, place);
      const { text, made } = await withGoodToken(found, { before, old });
      const isBack = before === "" && file.text !== undefined
        ? await files.remove(file.target)
        : await replace(files, file, text);
      if (!isBack) {
        if (made !== undefined) await credentials.withdraw(made.text, found.client);
        throw changedMeanwhile(place.path);
      }
      await files.remove(backup);
      const isKept = JSON.stringify(old) === JSON.stringify(entry);
      const token = isKept ? undefined : await forget(found);
      return done(found, { action: "restored", token, warnings: made?.warnings });
    },
  };

  /** The token of an entry that is gone lets nobody in any more. */
  async function forget({ entry, client }: Pick<Look, "entry" | "client">): Promise<string | undefined> {
    const token = tokenOf(entry);
    return token === undefined ? undefined : await credentials.withdraw(token, client);
  }

  /** So an entry that comes back has to have another one. */
  async function withGoodToken(
    { client }: Look,
    { before, old }: { readonly before: string; readonly old: Look["entry"] },
  ) {
    const token = isHere(old) ? tokenOf(old) : undefined;
    const made = token === undefined ? undefined : await credentials.renew(token, client);
    return {
      made,
      text: token === undefined || made === undefined ? before : before.replaceAll(token, made.text),
    };
  }
}

function tokenOf(entry: Look["entry"]): string | undefined {
  const [token] = entryTexts(entry).flatMap((text) => /mcp_agt_[A-Za-z0-9_-]+/.exec(text) ?? []);
  return token;
}

function done(
  { client, place }: Look,
  outcome: Pick<ConnectResult, "action" | "backup_path" | "token"> & {
    readonly warnings?: readonly string[];
  },
): ConnectResult {
  return {
    client,
    title: CLIENTS[client].title,
    config_path: place.path,
    server_name: place.name,
    ...outcome,
    warnings: [...outcome.warnings ?? []],
  };
}

function noBackup(path: string, name: string | undefined): GatewayError {
  const what = name === undefined
    ? "there is no copy of it"
    : `there is no copy "${name.slice(0, 200)}" of it`;
  return new GatewayError("MCPX_CLIENT_FILE_NOT_FOUND", `Cannot put "${path}" back: ${what}`, {
    remedy: "Take the entry out in place of that: mcpproxy disconnect CLIENT",
  });
}

function changedSince(path: string, backup: string): GatewayError {
  return new GatewayError(
    "MCPX_CLIENT_FILE_CHANGED",
    `Cannot put "${path}" back as in "${backup}": other settings have changed since`,
    {
      remedy:
        "Take only the entry out: mcpproxy disconnect CLIENT; or add --force, which loses those changes",
    },
  );
}
