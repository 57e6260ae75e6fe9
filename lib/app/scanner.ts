import { dirname, resolve } from "node:path";
import { GatewayError, toGatewayError } from "../contracts/mod.ts";
import type { ConfigService } from "../config/mod.ts";
import type { Logger } from "../observability/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { openScanner, type Scanner } from "../security/mod.ts";

/** Longest scan; what is left then counts as not scanned. */
const DEADLINE_MS = 5_000;

/** What the scanner of the gateway works with. */
export interface GatewayScannerOptions {
  readonly platform: Platform;
  readonly config: ConfigService;
  readonly log: Logger;
  readonly onNotice: (text: string) => void;
}

/**
 * Opens the scanner with the rules that `security.tpa_bundle_path` names, and
 * follows that key. A bundle that is not valid is refused and said so; the
 * rules in force stay.
 */
export async function openGatewayScanner(
  stack: AsyncDisposableStack,
  { platform, config, log, onNotice }: GatewayScannerOptions,
): Promise<Scanner> {
  const scanner = stack.use(openScanner({ clock: platform.clock, deadlineMs: DEADLINE_MS }));
  const pathNow = () => {
    const path = config.snapshot().config.security?.tpa_bundle_path;
    return typeof path === "string" && path !== "" ? resolve(dirname(config.path), path) : undefined;
  };
  let inForce: string | undefined;
  async function follow(): Promise<void> {
    const path = pathNow();
    if (path === inForce) return;
    inForce = path;
    try {
      await scanner.useBundle(path === undefined ? undefined : await readBundle(platform, path));
      log.info("scan rules in force", { rules: scanner.rules });
    } catch (thrown) {
      const { code, message } = toGatewayError(thrown);
      log.error("scan rules refused", { code, cause: message });
      onNotice(`${message}. The scan rules in force stay: ${scanner.rules}`);
    }
  }
  await follow();
  let work = Promise.resolve();
  stack.use(config.onChange(() => void (work = work.then(follow))));
  return scanner;
}

async function readBundle({ files }: Platform, path: string): Promise<string> {
  const text = await files.readText(path);
  if (text !== undefined) return text;
  throw new GatewayError("MCPX_RULES_INVALID", `Cannot load the rules "${path}": there is no such file`, {
    remedy: 'Correct "security.tpa_bundle_path" in the config',
  });
}
