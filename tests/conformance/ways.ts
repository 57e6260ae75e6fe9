/**
 * The ways to the fixture: directly, and through a gateway that reaches it
 * over HTTP or over stdio.
 *
 * @module
 */

import { startDaemon } from "../support/daemon.ts";
import { serveConformance } from "../support/fixtures/conformance/http.ts";
import { conformanceCommand } from "../support/fixtures/conformance/main.ts";
import { openWorkspace } from "../support/workspace.ts";
import type { Era, SuiteRun } from "./suites.ts";

/** A way. On a bridge the fixture speaks the other era than the suite. */
export const WAYS = ["direct", "http", "stdio", "http-bridge", "stdio-bridge"] as const;

/** A name of a way. */
export type Way = typeof WAYS[number];

/** Ways that may lose nothing. */
export const TRANSPARENT: readonly Way[] = ["http", "stdio"];

/** Extensions of one era do not exist in the other. */
export function isFor({ onlyExtensions }: SuiteRun, way: Way): boolean {
  return onlyExtensions !== true || !way.endsWith("-bridge");
}

/** Ways that stand open. */
export interface OpenWays extends AsyncDisposable {
  /** The endpoint on a way for a suite that speaks an era. */
  url(way: Way, era: Era): string;
}

const ERAS: readonly Era[] = ["legacy", "modern"];

/** Opens the ways; a gateway is started only if one of them needs it. */
export async function openWays(ways: readonly Way[]): Promise<OpenWays> {
  await using stack = new AsyncDisposableStack();
  const direct = new Map(ERAS.map((era) => [era, stack.use(serveConformance([era])).url]));
  const through = ways.some((way) => way !== "direct") ? await openGateway(stack, direct) : "";
  const owned = stack.move();
  return {
    url(way, era) {
      if (way === "direct") return direct.get(era) ?? "";
      const [wire = "", bridge] = way.split("-");
      const other = ERAS.find((one) => one !== era) ?? era;
      return `${through}/mcp/s/${wire}-${bridge === undefined ? era : other}`;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function openGateway(stack: AsyncDisposableStack, direct: ReadonlyMap<Era, string>): Promise<string> {
  const workspace = stack.use(
    await openWorkspace({
      require_mcp_auth: false,
      quarantine_enabled: false,
      mcpServers: ERAS.flatMap((era) => [
        { name: `http-${era}`, url: direct.get(era), quarantined: false },
        { name: `stdio-${era}`, ...conformanceCommand("stdio", era), quarantined: false },
      ]),
    }),
  );
  const daemon = stack.use(await startDaemon(workspace));
  for (const era of ERAS) {
    await daemon.seen(new RegExp(`✓ http-${era} `));
    await daemon.seen(new RegExp(`✓ stdio-${era} `));
  }
  return daemon.url;
}
