import { join } from "node:path";
import { GatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { createFileStore } from "./file_store.ts";
import { createKeyringStore } from "./keyring_store.ts";
import { findKeyring } from "./keyring_tools.ts";
import type { SecretPlace } from "./secret_place.ts";

/** Where secrets are kept. */
export type StoreKind = "keyring" | "file";

/** Secrets by name. Every process that uses the same data directory meets the same ones. */
export interface SecretStore {
  /** @throws {GatewayError} MCPX_SECRET_STORE — it cannot be reached; so do all others. */
  kind(): Promise<StoreKind>;
  get(name: string): Promise<string | undefined>;
  /** @returns Whether it is another value than before. */
  set(name: string, value: string): Promise<boolean>;
  /** @returns Whether there was one. */
  delete(name: string): Promise<boolean>;
  /** Sorted. */
  names(): Promise<readonly string[]>;
}

/** Environment variable that chooses the store. */
const CHOICE = "MCPPROXY_SECRET_STORE";

/**
 * Opens the secrets of a data directory: the keyring of the system where it
 * answers, else an encrypted file. Whichever was used first stays in use, so
 * that a daemon without a desktop and a command with one meet the same secrets.
 * Nothing is asked of the system before the first use.
 */
export function openSecretStore(platform: Platform, dataDir: string): SecretStore {
  const { files, env } = platform;
  const paths = {
    file: join(dataDir, "secrets.age"),
    key: join(dataDir, "secrets.key"),
    names: join(dataDir, "secrets.names"),
    lock: join(dataDir, "secrets.lock"),
  };
  const file = createFileStore(platform, paths);
  let probe: ReturnType<typeof findKeyring> | undefined;
  const keyring = () => probe ??= findKeyring(platform);

  async function choose(): Promise<readonly [StoreKind, SecretPlace]> {
    const wanted = wantedKind(env[CHOICE]);
    if (wanted === "file") return ["file", file];
    if (wanted === undefined && await files.stat(paths.file) !== undefined) return ["file", file];
    const tool = await keyring();
    if (tool !== undefined) return ["keyring", createKeyringStore(platform, tool, paths.names)];
    if (wanted === "keyring" || await files.stat(paths.names) !== undefined) throw unreachable();
    return ["file", file];
  }

  const place = async () => (await choose())[1];

  async function locked<T>(work: (place: SecretPlace) => Promise<T>): Promise<T> {
    using _lock = await files.lock(paths.lock);
    return await work(await place());
  }

  return {
    kind: async () => (await choose())[0],
    get: async (name) => await (await place()).get(name),
    names: async () => [...await (await place()).names()].sort(),
    set: (name, value) =>
      locked(async (place) => {
        if (await place.get(name) === value) return false;
        await place.put(name, value);
        return true;
      }),
    delete: (name) =>
      locked(async (place) => {
        const isThere = await place.get(name) !== undefined;
        if (isThere) await place.delete(name);
        return isThere;
      }),
  };
}

function wantedKind(text: string | undefined): StoreKind | undefined {
  if (text === undefined || text === "") return undefined;
  if (text === "file" || text === "keyring") return text;
  throw new GatewayError(
    "MCPX_SECRET_STORE",
    `Cannot choose a store of secrets: ${CHOICE} is "${text}", wanted keyring or file`,
    { remedy: `Unset ${CHOICE}, or make it "file"` },
  );
}

function unreachable(): GatewayError {
  return new GatewayError(
    "MCPX_SECRET_STORE",
    "Cannot reach the keyring of this system, where the secrets are kept",
    {
      remedy:
        `Start mcpproxy in your desktop session, or keep the secrets in a file: ${CHOICE}=file, and set them anew`,
    },
  );
}
