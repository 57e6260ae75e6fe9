import { PERMISSIONS } from "../contracts/mod.ts";
import type { NewToken, TokenRequest } from "../security/mod.ts";
import type { ManagementOptions } from "./options.ts";

/** Something that lets one client in. */
export interface Credential {
  readonly text: string;
  /** Name of the agent token. */
  readonly name?: string;
  readonly warnings: readonly string[];
}

/** Makes and takes back what lets clients in. */
export interface Credentials {
  /** Whether a client on TCP is let in by a credential only. */
  areAsked(): boolean;
  /** Makes one for a client; `undefined` if none is asked for. */
  issue(client: string): Promise<Credential | undefined>;
  /** Makes one in place of one that is forgotten; `undefined` if that is known, or none is asked for. */
  renew(text: string, client: string): Promise<Credential | undefined>;
  /**
   * Ends one that was made for a client.
   *
   * @returns Its name; `undefined` if it is unknown, or a person made it and may use it elsewhere.
   */
  withdraw(text: string, client: string): Promise<string | undefined>;
}

/** A client keeps its token in a file, where nobody looks after it. */
const CLIENT_LIFE = "365d";

/** Credentials as the config asks for them: an agent token for each client. */
export function createCredentials({ config, tokens, bus }: ManagementOptions): Credentials {
  const areAsked = () => config.snapshot().config.require_mcp_auth;
  const credentials: Credentials = {
    areAsked,
    renew: async (text, client) =>
      tokens.nameOf(text) === undefined ? await credentials.issue(client) : undefined,
    async issue(client) {
      if (!areAsked()) return undefined;
      const { token, row } = await createClientToken({ tokens, bus }, client, {
        servers: ["*"],
        permissions: PERMISSIONS,
        profile: undefined,
        expiresIn: CLIENT_LIFE,
      });
      const until = new Date(row.expiresAt).toISOString().slice(0, 10);
      return {
        text: token,
        name: row.name,
        warnings: [`Token "${row.name}" was made for it and lasts until ${until}`],
      };
    },
    async withdraw(text, client) {
      const name = tokens.nameOf(text);
      if (name === undefined || !new RegExp(`^${client}(?:-\\d+)?$`).test(name)) return undefined;
      await tokens.remove(name);
      bus.publish("tokens.changed", { token: name, action: "delete" });
      return name;
    },
  };
  return credentials;
}

/** Makes a token that is named after its client; it is shown once, so each file gets one of its own. */
export async function createClientToken(
  { tokens, bus }: Pick<ManagementOptions, "tokens" | "bus">,
  client: string,
  request: Pick<TokenRequest, "servers" | "permissions" | "profile" | "expiresIn">,
): Promise<NewToken> {
  const taken = tokens.all().map(({ name }) => name);
  const made = await tokens.create({ ...request, name: freeName(client, taken), maxConcurrent: 64 });
  bus.publish("tokens.changed", { token: made.row.name, action: "create" });
  return made;
}

function freeName(client: string, taken: readonly string[]): string {
  for (let number = 1;; number++) {
    const name = number === 1 ? client : `${client}-${number}`;
    if (!taken.includes(name)) return name;
  }
}
