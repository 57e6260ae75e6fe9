import type { ServerConfig } from "../../contracts/mod.ts";
import type { DefinitionKind } from "../../security/mod.ts";
import type { UpstreamConnection } from "../../upstream/mod.ts";
import type { Trust } from "./trust_types.ts";

const OFFERS = [
  ["prompt", "prompts"],
  ["resource", "resources"],
  ["resource_template", "resourceTemplates"],
] as const satisfies readonly (readonly [DefinitionKind, string])[];

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

/** Takes the instructions of a server for review; a server may have none. */
export async function reviewInstructions(
  trust: Pick<Trust, "review">,
  server: ServerConfig,
  text: string | undefined,
): Promise<void> {
  await trust.review(server, "instructions", text === undefined ? [] : [{ text }]);
}
