/**
 * Whether an endpoint that may do either lists the tools themselves, or leaves
 * them to be found: docs/decisions/0010.
 *
 * @module
 */

import type { Config, ExposureChoice } from "../contracts/mod.ts";
import type { ListCost, Relay, Scope } from "../calls/mod.ts";
import type { Surface } from "./surface.ts";

/** What a client sees: the gateway's own tools alone, or those of the servers beside them. */
export type Exposure = "search" | "direct";

/** Who looks, and at what. */
export interface Viewer {
  readonly surface: Surface;
  readonly scope: Scope;
  /** Of two callers with one label, one is the other. */
  readonly owner: string;
  /** Profile that the session has chosen. */
  readonly profile: string | undefined;
  /** Name by which the client calls itself. */
  readonly client: string | undefined;
}

/** What decides. */
export interface ExposureFacts {
  readonly choice: ExposureChoice;
  readonly cost: ListCost;
  /** Most tokens of a list that is shown. */
  readonly threshold: number;
  /** Tools that are listed beside those of the servers. */
  readonly ownTools: number;
  /** Most tools that the client takes. */
  readonly maxTools: number;
  /** What it was before. */
  readonly last: Exposure | undefined;
}

/** A list that is shown may grow by so much before it is taken away, so that a small change does not go back and forth. */
const GROWTH = 1.25;
/** Clients that are known to leave out tools beyond a number, by how their names begin. */
const MAX_TOOLS: readonly (readonly [string, number])[] = [
  ["cursor", 40],
  ["windsurf", 100],
  ["visual studio code", 128],
];
const MAX_REMEMBERED = 1_000;

/** Decides what a client sees. Pure. */
export function decideExposure({ choice, cost, ...facts }: ExposureFacts): Exposure {
  if (choice !== "auto") return choice;
  if (!cost.isSettled) return facts.last ?? "search";
  if (cost.tools === 0 || cost.tools + facts.ownTools > facts.maxTools) return "search";
  const most = facts.last === "direct" ? facts.threshold * GROWTH : facts.threshold;
  return cost.isWhole && cost.tokens <= most ? "direct" : "search";
}

/** Most tools that a client takes, as far as that is known. */
export function maxToolsOf(client: string | undefined): number {
  const name = client?.toLowerCase() ?? "";
  return MAX_TOOLS.find(([start]) => name.startsWith(start))?.[1] ?? Infinity;
}

/** The choice for a viewer: that of its profile, else that for its client, else that for all. */
export function choiceFor(config: Config, { surface, profile, client }: Viewer): ExposureChoice {
  const name = surface.profile ?? profile;
  const own = config.profiles.find((one) => one.name === name)?.exposure;
  if (own !== undefined) return own;
  const wanted = client?.toLowerCase();
  const byClient = Object.entries(config.exposure_clients).find(([name]) => name.toLowerCase() === wanted);
  return byClient?.[1] ?? config.exposure;
}

/** What clients see now. */
export interface Exposures {
  of(viewer: Viewer): Exposure;
}

/** Creates the decisions; each viewer's last one is remembered. */
export function createExposures(
  { relay, config, ownTools }: {
    readonly relay: Pick<Relay, "listCost">;
    readonly config: () => Config;
    readonly ownTools: number;
  },
): Exposures {
  const decided = new Map<string, Exposure>();
  return {
    of(viewer) {
      const { surface, scope, owner, profile, client } = viewer;
      if (surface.mode === "direct") return "direct";
      if (surface.adapts !== true) return "search";
      const now = config();
      const choice = choiceFor(now, viewer);
      if (choice !== "auto") return choice;
      const key = [surface.key, profile ?? "", client?.slice(0, 64) ?? "", owner].join("\n");
      const threshold = now.exposure_threshold;
      const exposure = decideExposure({
        choice,
        cost: relay.listCost(scope, threshold * GROWTH),
        threshold,
        ownTools,
        maxTools: maxToolsOf(client),
        last: decided.get(key),
      });
      decided.delete(key);
      decided.set(key, exposure);
      const [oldest] = decided.keys();
      if (decided.size > MAX_REMEMBERED && oldest !== undefined) decided.delete(oldest);
      return exposure;
    },
  };
}
