import { resolveFeatures, VERBS } from "../contracts/mod.ts";
import { createTraffic, type Traffic } from "../http/mod.ts";
import type { Core } from "./core.ts";

/** Opens the counts for `/metrics`, where there is one. */
export function openTraffic(
  stack: AsyncDisposableStack,
  { activity, config }: Pick<Core, "activity" | "config">,
): Traffic | undefined {
  if (!resolveFeatures(config.snapshot().config).enable_metrics) return undefined;
  const nouns = Object.values(VERBS).map(({ path }) => path.split("/")[1] ?? "");
  const traffic = createTraffic(new Set(nouns));
  stack.use(activity.subscribe((record) => traffic.record(record)));
  return traffic;
}
