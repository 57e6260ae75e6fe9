import { openCatalogue } from "./catalogue.ts";
import type { Runtime, RuntimeOptions } from "./runtime.ts";
import { Supervisor } from "./supervisor.ts";

/** Opens the runtime: one actor for each configured server, and what all of them offered the last time. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const log = options.logs.logger("runtime");
  const catalogue = await openCatalogue({
    storage: options.storage,
    index: options.index,
    now: () => options.platform.clock.now(),
    onIndexError: (server, cause) => log.error("tools not indexed", { server, cause }),
  });
  const supervisor = new Supervisor(options, catalogue);
  await supervisor.start();
  return supervisor;
}
