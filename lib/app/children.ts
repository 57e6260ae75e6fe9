import { join } from "node:path";
import type { EventBus } from "../events/mod.ts";
import type { Logs } from "../observability/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { openUsage, type ServerUsage } from "../runtime/mod.ts";
import { openChildren, type Reaped } from "../upstream/mod.ts";

/** What the watch over child processes needs. */
export interface ChildWatchOptions {
  readonly platform: Platform;
  readonly dataDir: string;
  /** Whether this process holds the lock of the data directory. */
  readonly ownsDataDir: boolean;
  readonly logs: Logs;
  readonly bus: EventBus;
  readonly onNotice: (text: string) => void;
}

/** What starts servers, and what became of them. */
export interface ChildWatch {
  /** The platform to start servers with: what it starts is watched until it ends. */
  readonly platform: Platform;
  /** What the processes of a server take of the machine; `undefined` if it has none, or it is not known. */
  readonly usages: () => ReadonlyMap<string, ServerUsage>;
}

/** Ends what an earlier gateway left running, and says so; then watches over what is started. */
export async function watchChildren(
  stack: AsyncDisposableStack,
  { platform, dataDir, ownsDataDir, logs, bus, onNotice }: ChildWatchOptions,
): Promise<ChildWatch> {
  const children = stack.use(
    await openChildren({
      platform,
      path: ownsDataDir ? join(dataDir, "children.jsonl") : undefined,
      log: logs.logger("upstream"),
      onReaped(reaped) {
        bus.publish("servers.reaped", { servers: reaped.servers, pids: reaped.pids });
        onNotice(toNotice(reaped));
      },
    }),
  );
  const { processes } = children;
  const usage = stack.use(
    openUsage({
      clock: platform.clock,
      processes,
      list: () => children.list(),
      onChange: (listener) => children.onChange(listener),
    }),
  );
  return { platform: { ...platform, processes }, usages: () => usage.all() };
}

function toNotice({ servers }: Reaped): string {
  const whose = servers.length === 0 ? "" : ` (${servers.join(", ")})`;
  return `Ended processes that an earlier mcpproxy, which was killed, had left running${whose}`;
}
