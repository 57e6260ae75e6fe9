import { join } from "node:path";
import type { Platform } from "../platform/mod.ts";
import { type Ran, run } from "./run.ts";

/** The keyring of the system, by the program that comes with it. Values go in by standard input only. */
export interface KeyringTool {
  get(name: string): Promise<string | undefined>;
  /** @returns Whether it was done. */
  put(name: string, value: string): Promise<boolean>;
  /** @returns Whether it was done. */
  delete(name: string): Promise<boolean>;
}

/** Under which mcpproxy-go keeps its secrets too. */
const SERVICE = "mcpproxy";
const PROBE_MS = 2_000;
/** A person may have to unlock the keyring first. */
const WORK_MS = 60_000;
/** How the library of mcpproxy-go marks values on macOS. */
const BASE64 = "go-keyring-base64:";

/** Finds the keyring of the system; `undefined` if there is none, or it does not answer within 2 s. */
export async function findKeyring(platform: Platform): Promise<KeyringTool | undefined> {
  switch (platform.machine.os) {
    case "linux":
      return await findSecretService(platform);
    case "darwin":
      return await findKeychain(platform);
    default:
      return undefined;
  }
}

async function findSecretService(platform: Platform): Promise<KeyringTool | undefined> {
  const command = await findInPath(platform, "secret-tool");
  if (command === undefined) return undefined;
  const ask = (args: readonly string[], stdin = "", limitMs = WORK_MS) =>
    run(platform, { command, args, stdin, limitMs });
  const attributes = (name: string) => ["service", SERVICE, "username", name];
  // It ends with 1 for a secret that is not there, and with words if there is no service.
  const probe = await ask(["lookup", ...attributes("_probe")], "", PROBE_MS);
  if (probe === undefined || probe.code > 1 || probe.stderr.trim() !== "") return undefined;
  return {
    get: async (name) => valueOf(await ask(["lookup", ...attributes(name)])),
    put: async (name, value) =>
      isDone(await ask(["store", `--label=mcpproxy: ${name}`, ...attributes(name)], value)),
    delete: async (name) => isDone(await ask(["clear", ...attributes(name)])),
  };
}

async function findKeychain(platform: Platform): Promise<KeyringTool | undefined> {
  const command = await findInPath(platform, "security");
  if (command === undefined) return undefined;
  const ask = (args: readonly string[], stdin = "", limitMs = WORK_MS) =>
    run(platform, { command, args, stdin, limitMs });
  if (!isDone(await ask(["default-keychain"], "", PROBE_MS))) return undefined;
  return {
    async get(name) {
      const value = valueOf(await ask(["find-generic-password", "-s", SERVICE, "-a", name, "-w"]))?.trimEnd();
      return value?.startsWith(BASE64) ? fromBase64(value.slice(BASE64.length)) : value;
    },
    // As a line of its own shell, since an argument could be seen by everyone on the machine.
    put: async (name, value) =>
      isDone(
        await ask(
          ["-i"],
          `add-generic-password -U -s ${SERVICE} -a "${name}" -w "${BASE64}${toBase64(value)}"\n`,
        ),
      ),
    delete: async (name) => isDone(await ask(["delete-generic-password", "-s", SERVICE, "-a", name])),
  };
}

function isDone(ran: Ran | undefined): boolean {
  return ran?.code === 0;
}

function valueOf(ran: Ran | undefined): string | undefined {
  return ran?.code === 0 && ran.stdout !== "" ? ran.stdout : undefined;
}

function toBase64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

function fromBase64(text: string): string {
  return new TextDecoder().decode(Uint8Array.fromBase64(text));
}

async function findInPath({ env, files }: Platform, name: string): Promise<string | undefined> {
  for (const directory of (env.PATH ?? "").split(":")) {
    if (!directory.startsWith("/")) continue;
    const path = join(directory, name);
    const found = await files.stat(path).catch(() => undefined);
    if (found?.kind === "file" || found?.kind === "symlink") return path;
  }
}
