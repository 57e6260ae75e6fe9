import { dirname, resolve } from "node:path";
import { GatewayError, toGatewayError, toSentence } from "../contracts/mod.ts";
import { type ConfigService, watchConfig } from "../config/mod.ts";
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
  /** Told when other rules are in force than at the start. */
  readonly onRules?: () => void;
}

/**
 * Opens the scanner with the rules that `security.tpa_bundle_path` names, and
 * follows that key and the file it names. A bundle that is not valid, or gone,
 * is refused and said so; the rules in force stay.
 */
export async function openGatewayScanner(
  stack: AsyncDisposableStack,
  { platform, config, log, onNotice, onRules }: GatewayScannerOptions,
): Promise<Scanner> {
  const { clock, files } = platform;
  const scanner = stack.use(openScanner({ clock, deadlineMs: DEADLINE_MS }));
  const pathNow = () => {
    const path = config.snapshot().config.security?.tpa_bundle_path;
    return typeof path === "string" && path !== "" ? resolve(dirname(config.path), path) : undefined;
  };
  /** What was taken or refused last, so that nobody is told of it twice. */
  let seen: { readonly path: string | undefined; readonly text: string | undefined } | undefined;
  let watch: AsyncDisposable | undefined;
  let work = Promise.resolve();
  const look = () => void (work = work.then(follow));

  async function follow(): Promise<void> {
    const path = pathNow();
    const text = path === undefined ? undefined : await files.readText(path).catch(() => undefined);
    if (seen !== undefined && seen.path === path && seen.text === text) return;
    if (seen?.path !== path) await watchFile(path);
    seen = { path, text };
    try {
      if (path !== undefined && text === undefined) throw notFound(path);
      const before = scanner.rules;
      await scanner.useBundle(text);
      log.info("scan rules in force", { rules: scanner.rules });
      if (scanner.rules !== before) onRules?.();
    } catch (thrown) {
      const { code, message } = toGatewayError(thrown);
      log.error("scan rules refused", { code, cause: message });
      onNotice(`${toSentence(message)} The scan rules in force stay: ${scanner.rules}`);
    }
  }

  async function watchFile(path: string | undefined): Promise<void> {
    await watch?.[Symbol.asyncDispose]();
    watch = path === undefined ? undefined : watchConfig({ files, clock, path, onChange: look });
  }

  stack.defer(() => watch?.[Symbol.asyncDispose]());
  stack.defer(() => work);
  await follow();
  stack.use(config.onChange(look));
  return scanner;
}

function notFound(path: string): GatewayError {
  return new GatewayError("MCPX_RULES_INVALID", `Cannot load the rules "${path}": there is no such file`, {
    remedy: 'Correct "security.tpa_bundle_path" in the config',
  });
}
