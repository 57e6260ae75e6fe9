import { GatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { SecretPlace } from "./secret_place.ts";

const PRIVATE = 0o600;

/**
 * Keeps secrets in a file encrypted by age, whose key lies beside it in a file
 * that only its owner can read. Copies of the data without the key are of no
 * use to anyone; whoever can read both can read the secrets.
 */
export function createFileStore(
  { files }: Pick<Platform, "files">,
  paths: { readonly file: string; readonly key: string },
): SecretPlace {
  /** What was read last, so that it is decrypted once and not for each reference. */
  let last: { readonly text: string; readonly secrets: ReadonlyMap<string, string> } | undefined;

  async function read(): Promise<ReadonlyMap<string, string>> {
    const text = await files.readText(paths.file);
    if (text === undefined) return new Map();
    if (last?.text === text) return last.secrets;
    const secrets = await decrypt(text);
    last = { text, secrets };
    return secrets;
  }

  async function decrypt(text: string): Promise<ReadonlyMap<string, string>> {
    const key = (await files.readText(paths.key))?.trim();
    if (key === undefined || key === "") throw unreadable(paths, "its key is gone");
    const { armor, Decrypter } = await import("age-encryption");
    try {
      const decrypter = new Decrypter();
      decrypter.addIdentity(key);
      const plain: unknown = JSON.parse(await decrypter.decrypt(armor.decode(text), "text"));
      return new Map(Object.entries(Object(plain)).filter(isText));
    } catch {
      // What the library says could quote a part of the content.
      throw unreadable(paths, "it is damaged, or its key is another one");
    }
  }

  async function write(secrets: ReadonlyMap<string, string>): Promise<void> {
    const { armor, Encrypter, generateX25519Identity, identityToRecipient } = await import("age-encryption");
    let key = (await files.readText(paths.key))?.trim();
    if (key === undefined || key === "") {
      key = await generateX25519Identity();
      // Before what it encrypts, so that no end of the process leaves a file without a key.
      await files.writeAtomic(paths.key, `${key}\n`, PRIVATE);
    }
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(key));
    const bytes = await encrypter.encrypt(JSON.stringify(Object.fromEntries(secrets)));
    await files.writeAtomic(paths.file, `${armor.encode(bytes).trimEnd()}\n`, PRIVATE);
  }

  return {
    get: async (name) => (await read()).get(name),
    names: async () => [...(await read()).keys()],
    put: async (name, value) => await write(new Map([...await read(), [name, value]])),
    delete: async (name) => await write(new Map([...await read()].filter(([one]) => one !== name))),
  };
}

function isText(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === "string";
}

function unreadable(
  { file, key }: { readonly file: string; readonly key: string },
  why: string,
): GatewayError {
  return new GatewayError("MCPX_SECRET_STORE", `Cannot read the secrets in "${file}": ${why}`, {
    remedy: `Put back ${key} from a backup, or remove ${file} and set the secrets anew`,
  });
}
