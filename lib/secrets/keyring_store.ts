import { GatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { KeyringTool } from "./keyring_tools.ts";
import type { SecretPlace } from "./secret_place.ts";

/**
 * Keeps secrets in the keyring of the system, and their names in a file, since
 * keyrings cannot list names without giving values away.
 */
export function createKeyringStore(
  { files }: Pick<Platform, "files">,
  tool: KeyringTool,
  namesPath: string,
): SecretPlace {
  async function names(): Promise<readonly string[]> {
    const text = await files.readText(namesPath) ?? "";
    return text.split("\n").filter((line) => line !== "");
  }

  async function writeNames(next: readonly string[]): Promise<void> {
    await files.writeAtomic(namesPath, [...new Set(next)].sort().map((name) => `${name}\n`).join(""), 0o600);
  }

  return {
    names,
    get: (name) => tool.get(name),
    async put(name, value) {
      if (!await tool.put(name, value)) throw refused("keep", name);
      await writeNames([...await names(), name]);
    },
    async delete(name) {
      if (!await tool.delete(name)) throw refused("delete", name);
      await writeNames((await names()).filter((one) => one !== name));
    },
  };
}

function refused(what: string, name: string): GatewayError {
  return new GatewayError(
    "MCPX_SECRET_STORE",
    `Cannot ${what} secret "${name}": the keyring of this system refuses`,
    { remedy: "Unlock the keyring, or keep the secrets in a file: MCPPROXY_SECRET_STORE=file" },
  );
}
