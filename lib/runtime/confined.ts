import { GatewayError } from "../contracts/mod.ts";
import { type ConfinedStart, type Isolation, isolationModeOf, type StartRequest } from "../isolation/mod.ts";
import type { UpstreamConnection } from "../upstream/mod.ts";

/** How a server is started, confined or not. */
export type Start = Pick<ConfinedStart, "command" | "args" | "environment">;

/**
 * Opens a connection to a server that runs as its entry wants: confined, or
 * with the rights of the gateway. What confines it goes when the connection
 * is closed, and at once if there comes to be none.
 *
 * @throws {GatewayError} MCPX_ISOLATION_UNAVAILABLE, MCPX_ISOLATION_REFUSED; nothing was started then.
 * @throws What `open` throws.
 */
export async function openConfined(
  isolation: Isolation | undefined,
  request: StartRequest,
  open: (start: Start | undefined) => Promise<UpstreamConnection>,
): Promise<UpstreamConnection> {
  const start = await prepare(isolation, request);
  if (start === undefined) return await open(undefined);
  try {
    const connection = await open(start);
    await start.started();
    let closing: Promise<void> | undefined;
    const close = () => closing ??= connection.close().finally(() => start.ended());
    return { ...connection, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await start.ended();
    throw error;
  }
}

/** Whoever embeds the runtime without isolation must not lose it silently. */
async function prepare(isolation: Isolation | undefined, request: StartRequest) {
  if (isolation !== undefined) return await isolation.prepare(request);
  const { server, config } = request;
  const mode = isolationModeOf(server, config);
  if (mode === "none") return undefined;
  throw new GatewayError(
    "MCPX_ISOLATION_UNAVAILABLE",
    `Cannot start server "${server.name}": it is to run isolated, and nothing here can do that`,
    { details: { server: server.name, isolation: mode } },
  );
}
