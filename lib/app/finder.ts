import { type Config, toMs } from "../contracts/mod.ts";
import { visibleTools } from "../calls/mod.ts";
import type { Logger } from "../observability/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import { createHttpEmbedder, createHybrid, type ToolFinder, type ToolIndex } from "../search/mod.ts";

/** What finding is built from. */
export interface FinderOptions {
  readonly platform: Platform;
  readonly config: () => Config;
  readonly runtime: Runtime;
  readonly index: ToolIndex;
  readonly log: Logger;
}

/** Creates the finder that the config asks for: words, with vectors if they are enabled. */
export function createFinder({ platform, config, runtime, index, log }: FinderOptions): ToolFinder {
  const settings = () => config().embeddings;
  const embedder = createHttpEmbedder({
    network: platform.network,
    clock: platform.clock,
    endpoint: () => {
      const { url, model, api_key: apiKey, timeout } = settings();
      return { url, model, apiKey, timeoutMs: toMs(timeout) };
    },
  });
  return createHybrid({
    index,
    embedder,
    clock: platform.clock,
    weight: () => settings().enabled ? settings().weight : 0,
    model: () => `${settings().url} ${settings().model}`,
    tools: () => visibleTools(runtime),
    onLearned: ({ share, isTrusted }) =>
      isTrusted
        ? log.info("embeddings in use", { share })
        : log.warn("embeddings not used: they find too few tools by their names", { share }),
    onFailure: (cause) => log.warn("embeddings failed; words answer alone for a while", { cause }),
  });
}
