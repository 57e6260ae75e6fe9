import { PERMISSIONS, type TokenView, type VerbOutput, type VerbParsed } from "../contracts/mod.ts";
import type { NewToken } from "../security/mod.ts";
import type { TokenRow } from "../storage/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { toIso } from "./server_views.ts";

/** Verbs about agent tokens; each checks that the token exists. */
export function tokenVerbs({ tokens, platform: { clock }, bus }: ManagementOptions) {
  const view = (row: TokenRow): TokenView => toTokenView(row, clock.now());
  const made = ({ token, row }: NewToken) => ({ ...view(row), token });
  const tell = (name: string, action: string) => void bus.publish("tokens.changed", { token: name, action });

  return {
    list: (): VerbOutput<"tokens.list"> => ({ tokens: tokens.all().map(view) }),

    get: ({ name }: VerbParsed<"tokens.get">): TokenView => view(tokens.get(name)),

    async create(input: VerbParsed<"tokens.create">): Promise<VerbOutput<"tokens.create">> {
      const created = await tokens.create({
        name: input.name,
        servers: input.allowed_servers,
        permissions: input.permissions,
        profile: input.profile_pin,
        expiresIn: input.expires_in,
        maxConcurrent: input.max_concurrent,
      });
      tell(input.name, "create");
      return made(created);
    },

    async revoke({ name }: VerbParsed<"tokens.revoke">): Promise<TokenView> {
      const row = await tokens.revoke(name);
      tell(name, "revoke");
      return view(row);
    },

    async remove({ name }: VerbParsed<"tokens.remove">): Promise<VerbOutput<"tokens.remove">> {
      await tokens.remove(name);
      tell(name, "delete");
      return { name, action: "delete", success: true };
    },

    async regenerate({ name }: VerbParsed<"tokens.regenerate">): Promise<VerbOutput<"tokens.regenerate">> {
      const created = await tokens.regenerate(name);
      tell(name, "regenerate");
      return made(created);
    },
  };
}

function toTokenView(row: TokenRow, now: number): TokenView {
  return {
    name: row.name,
    prefix: row.prefix,
    allowed_servers: [...row.servers],
    permissions: PERMISSIONS.filter((one) => row.permissions.includes(one)),
    profile_pin: row.profile,
    max_concurrent: row.maxConcurrent,
    status: row.revokedAt !== undefined ? "revoked" : row.expiresAt <= now ? "expired" : "active",
    created_at: toIso(row.createdAt),
    expires_at: toIso(row.expiresAt),
    last_used_at: row.lastUsedAt === undefined ? undefined : toIso(row.lastUsedAt),
  };
}
