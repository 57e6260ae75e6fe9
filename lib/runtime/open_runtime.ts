import { openCatalogue } from "./catalogue.ts";
import type { Runtime, RuntimeOptions } from "./runtime.ts";
import { openTrust } from "./trust/trust.ts";
import { Supervisor } from "./supervisor.ts";

/** Opens the runtime: one actor for each configured server, and what all of them offered the last time. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const log = options.logs.logger("runtime");
  const trust = openTrust({
    storage: options.storage,
    scanner: options.scanner,
    config: () => options.config.snapshot().config,
    log,
    now: () => options.platform.clock.now(),
    clock: options.platform.clock,
  });
  const catalogue = await openCatalogue({
    trust,
    storage: options.storage,
    index: options.index,
    now: () => options.platform.clock.now(),
    clock: options.platform.clock,
    onIndexError: (server, cause) => log.error("tools not indexed", { server, cause }),
  });
  const supervisor = new Supervisor(options, { catalogue, trust });
  await supervisor.start();
  void catalogue.tidy();
  return supervisor;
}
