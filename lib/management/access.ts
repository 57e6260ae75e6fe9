import { GatewayError, type VerbOutput, type VerbParsed } from "../contracts/mod.ts";
import { type ClientKind, CLIENTS } from "./client_configs/clients.ts";
import { renderSnippet } from "./client_configs/snippet.ts";
import { createClientToken } from "./credentials.ts";
import { findClient } from "./find_client.ts";
import { mcpUrl } from "./mcp_url.ts";
import type { ManagementOptions } from "./options.ts";
import { toIso } from "./server_views.ts";

/** Verbs by which people and their programs are let in. */
export function accessVerbs({ tokens, signIn, adminKey, platform, facts, bus }: ManagementOptions) {
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

    async resetKey(): Promise<VerbOutput<"access.reset_key">> {
      const api_key = await adminKey.reset();
      return { api_key, file: adminKey.file, signed_out: signIn.endAll() };
    },

    async snippet(
      input: VerbParsed<"access.client_snippet">,
    ): Promise<VerbOutput<"access.client_snippet">> {
      const client = findClient(input.client);
      const { title, format, path }: ClientKind = CLIENTS[client];
      const { token, row } = await createClientToken({ tokens, bus }, client, {
        servers: input.allowed_servers,
        permissions: input.permissions,
        profile: input.profile_pin,
        expiresIn: input.expires_in,
      });
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
