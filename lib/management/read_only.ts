import { type Config, GatewayError } from "../contracts/mod.ts";

/**
 * Refuses a change while the config forbids all of them.
 *
 * @param what Says what was wanted, such as `approve server "x"`.
 * @throws {GatewayError} MCPX_FORBIDDEN.
 */
export function refuseWhenReadOnly({ read_only_mode }: Pick<Config, "read_only_mode">, what: string): void {
  if (!read_only_mode) return;
  throw new GatewayError("MCPX_FORBIDDEN", `Cannot ${what}: read_only_mode is on`, {
    remedy: 'Set "read_only_mode": false in the config file',
  });
}
