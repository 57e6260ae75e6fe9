import { type CallerScope, type Permission, permissionFor, PERMISSIONS } from "../../contracts/mod.ts";
import type { TokenRow } from "../../storage/mod.ts";

/** What a scope takes from its surroundings. */
export interface ScopeParts {
  /** Servers of the token's profile; none if the profile is not there any more. */
  readonly profileServers: readonly string[] | undefined;
  readonly ended: AbortSignal;
}

/**
 * Makes the scope of a token. The one place where scopes are made, so that no
 * way in forgets a part of them.
 */
export function createScope(row: TokenRow, { profileServers, ended }: ScopeParts): CallerScope {
  const reach = reachOf(row, profileServers);
  const permissions = PERMISSIONS.filter((one) => row.permissions.includes(one));
  const may = new Set<Permission>(permissions);
  return {
    token: row.name,
    prefix: row.prefix,
    servers: row.servers,
    permissions,
    profile: row.profile,
    expiresAt: row.expiresAt,
    includes: reach === undefined ? () => true : (server) => reach.has(server),
    permits: (annotations) => may.has(permissionFor(annotations)),
    maxConcurrent: row.maxConcurrent,
    ended,
  };
}

/** The servers within reach; `undefined` for all. */
export function reachOf(
  { servers, profile }: Pick<TokenRow, "servers" | "profile">,
  profileServers: readonly string[] | undefined,
): ReadonlySet<string> | undefined {
  const all = servers.includes("*");
  if (profile === undefined) return all ? undefined : new Set(servers);
  return new Set((profileServers ?? []).filter((name) => all || servers.includes(name)));
}
