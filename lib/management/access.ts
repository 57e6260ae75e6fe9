import { didYouMean, GatewayError, type VerbOutput, type VerbParsed } from "../contracts/mod.ts";
import { CLIENT_NAMES, type ClientKind, type ClientName, CLIENTS } from "./client_configs/clients.ts";
import { renderSnippet } from "./client_configs/snippet.ts";
import { mcpUrl } from "./mcp_url.ts";
import type { ManagementOptions } from "./options.ts";
import { toIso } from "./server_views.ts";

/** Verbs by which people and their programs are let in. */
export function accessVerbs({ tokens, signIn, platform, facts, bus }: ManagementOptions) {
  return {
    signInCode(): VerbOutput<"access.sign_in_code"> {
      if (!facts.running) {
        throw new GatewayError(
          "MCPX_DAEMON_NOT_RUNNING",
          "Cannot sign in to the web page: no daemon is running",
        );
      }
      const { code, expiresAt } = signIn.issue();
      const page = new URL("/ui/", mcpUrl(facts.listenAddress()));
      return { code, url: `${page}#code=${code}`, expires_at: toIso(expiresAt) };
    },

    async snippet(
      input: VerbParsed<"access.client_snippet">,
    ): Promise<VerbOutput<"access.client_snippet">> {
      const client = findClient(input.client);
      const { title, format, path }: ClientKind = CLIENTS[client];
      const { token, row } = await tokens.create({
        name: freeName(client, tokens.all().map(({ name }) => name)),
        servers: input.allowed_servers,
        permissions: input.permissions,
        profile: input.profile_pin,
        expiresIn: input.expires_in,
        maxConcurrent: 64,
      });
      bus.publish("tokens.changed", { token: row.name, action: "create" });
      const url = mcpUrl(facts.listenAddress());
      const { machine: { os, home }, env } = platform;
      return {
        client,
        title,
        format,
        path: path({ os, home, env }),
        url,
        token: row.name,
        expires_at: toIso(row.expiresAt),
        snippet: renderSnippet(client, { name: input.name, url, token }),
      };
    },
  };
}

/**
 * Finds a client by its name.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT naming all that are known.
 */
export function findClient(name: string): ClientName {
  const found = CLIENT_NAMES.find((one) => one === name);
  if (found !== undefined) return found;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot find client "${name.slice(0, 64)}": no client has this name${didYouMean(name, CLIENT_NAMES)}`,
    { remedy: `Name one of ${CLIENT_NAMES.join(", ")}`, details: { clients: CLIENT_NAMES } },
  );
}

/** A token is shown once, so each snippet gets one of its own. */
function freeName(client: string, taken: readonly string[]): string {
  for (let number = 1;; number++) {
    const name = number === 1 ? client : `${client}-${number}`;
    if (!taken.includes(name)) return name;
  }
}
