import { type ErrorCode, GatewayError, type ServerConfig } from "../../contracts/mod.ts";
import { DEFINITION_KINDS, type DefinitionKind } from "../../security/mod.ts";
import type { UpstreamConnection } from "../../upstream/mod.ts";
import type { TrustTerms } from "./terms.ts";
import type { Trust } from "./trust_types.ts";

const OFFERS = [
  ["prompt", "prompts"],
  ["resource", "resources"],
  ["resource_template", "resourceTemplates"],
] as const satisfies readonly (readonly [DefinitionKind, string])[];

const BROKEN: ReadonlySet<ErrorCode> = new Set(["MCPX_UPSTREAM_CLOSED", "MCPX_STDIO_EXIT_NONZERO"]);

/** Takes everything that a server offers besides its tools for review. */
export async function reviewOffers(
  trust: Pick<Trust, "review">,
  server: ServerConfig,
  connection: Pick<UpstreamConnection, "listOffers" | "instructions">,
  signal: AbortSignal,
): Promise<void> {
  for (const [kind, list] of OFFERS) {
    await trust.review(server, kind, await connection.listOffers(list, signal));
  }
  await reviewInstructions(trust, server, connection.instructions);
}

/**
 * Takes for review what a server that was let in has not shown yet, so that
 * whatever it shows later is new. A list that it refuses to give is empty.
 *
 * @throws If the connection broke; then the next one goes on.
 */
export async function closeBaseline(
  trust: Pick<Trust, "review" | "hasStarted">,
  server: ServerConfig,
  connection: Pick<UpstreamConnection, "listOffers" | "instructions">,
  signal: AbortSignal,
): Promise<void> {
  for (const [kind, list] of OFFERS) {
    if (trust.hasStarted(server.name, kind)) continue;
    const offers = await connection.listOffers(list, signal).catch((error) => {
      if (signal.aborted || error instanceof GatewayError && BROKEN.has(error.code)) throw error;
      return [];
    });
    await trust.review(server, kind, offers);
  }
  if (trust.hasStarted(server.name, "instructions")) return;
  await reviewInstructions(trust, server, connection.instructions);
}

/** Tells whether a server still may show something that is let in with it. Pure. */
export function hasOpenBaseline(
  trust: Pick<Trust, "hasStarted">,
  server: ServerConfig,
  { trustMode, quarantined, quarantineEnabled }: TrustTerms,
): boolean {
  const isJudgedByHand = quarantineEnabled && !quarantined && trustMode === "manual";
  return isJudgedByHand && DEFINITION_KINDS.some((kind) => !trust.hasStarted(server.name, kind));
}

/** Takes the instructions of a server for review; a server may have none. */
export async function reviewInstructions(
  trust: Pick<Trust, "review">,
  server: ServerConfig,
  text: string | undefined,
): Promise<void> {
  await trust.review(server, "instructions", text === undefined ? [] : [{ text }]);
}
