import { resolveFeatures, VERBS } from "../contracts/mod.ts";
import { createTraffic, type Traffic } from "../http/mod.ts";
import type { Clock } from "../platform/mod.ts";
import type { Core } from "./core.ts";
import { watchLag } from "./lag.ts";

/** Opens the counts for `/metrics`, where there is one. */
export function openTraffic(
  stack: AsyncDisposableStack,
  { activity, config, logs }: Pick<Core, "activity" | "config" | "logs">,
  clock: Clock,
): Traffic | undefined {
  const lag = stack.use(watchLag({ clock, log: logs.logger("app") }));
  if (!resolveFeatures(config.snapshot().config).enable_metrics) return undefined;
  const nouns = Object.values(VERBS).map(({ path }) => path.split("/")[1] ?? "");
  const traffic = createTraffic(new Set(nouns), () => lag.worstMs);
  stack.use(activity.subscribe((record) => traffic.record(record)));
  return traffic;
}
