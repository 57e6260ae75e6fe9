import { type Access, type Caller, type Features, GatewayError, ROUTE_ACCESS } from "../contracts/mod.ts";

/** The right that a path takes whatever its method; verbs say themselves what theirs take. Pure. */
export function accessTo(pathname: string, features: Pick<Features, "enable_metrics">): Access {
  if (pathname.startsWith("/api/")) return "agent";
  // Without the feature there is nothing to guard.
  if (pathname === "/metrics" && !features.enable_metrics) return "everyone";
  return ROUTE_ACCESS[`GET ${pathname}`] ?? "everyone";
}

/**
 * Refuses everybody but an admin.
 *
 * @throws {GatewayError} MCPX_FORBIDDEN.
 */
export function requireAdmin({ role }: Caller, path: string): void {
  if (role === "admin") return;
  throw new GatewayError("MCPX_FORBIDDEN", `Cannot GET "${path}": it needs the role admin`, {
    details: { role: "admin" },
  });
}

/** Makes the refusal of a request without a key. */
export function missingKey(): GatewayError {
  return new GatewayError("MCPX_UNAUTHORIZED", "Cannot accept the request: it has no key");
}
