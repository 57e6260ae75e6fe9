import { toSentence } from "../contracts/mod.ts";
import { type ConfigService, diffDaemonKeys } from "../config/mod.ts";
import type { EventBus } from "../events/mod.ts";
import type { Logs } from "../observability/mod.ts";

/** What the news come from and go to. */
export interface ConfigNews {
  readonly config: ConfigService;
  readonly bus: EventBus;
  readonly logs: Logs;
  readonly onNotice: (text: string) => void;
}

/** Tells log, events and operator what became of the config file. */
export function tellOfConfig(stack: AsyncDisposableStack, { config, bus, logs, onNotice }: ConfigNews): void {
  const log = logs.logger("config");
  stack.use(config.onChange(({ version, path, config: now }, from) => {
    const needRestart = diffDaemonKeys(from.config, now);
    log.info("config in force", { version, needRestart });
    bus.publish("config.reloaded", { path, version, restart_required: needRestart });
    if (needRestart.length > 0) {
      onNotice(`Start mcpproxy again for the new ${needRestart.join(", ")} to take effect`);
    }
  }));
  stack.use(config.onRejection((rejection) => {
    if (rejection === undefined) {
      log.info("config file usable again", {});
      bus.publish("config.accepted", { path: config.path, version: config.snapshot().version });
      return onNotice("The config file is usable again");
    }
    const { code, message, remedy, details } = rejection;
    log.warn("config rejected", { code, cause: message });
    bus.publish("config.rejected", { path: config.path, code, message, remedy, problems: details.problems });
    onNotice(`${toSentence(message)} The last good config stays in force. ${remedy}`);
  }));
}
