import { GatewayError } from "../lib/contracts/quick.ts";
import { sleep } from "../lib/platform/mod.ts";
import type { Session } from "./session.ts";

/** Shortest time between two pictures; what happens meanwhile is in the next one. */
const PAUSE_MS = 500;
const CLEAR = "\x1b[H\x1b[2J\x1b[3J";

/** What is watched. */
export interface Watch {
  /** Shows the state as it is now. */
  readonly show: () => Promise<void>;
  /** Events after which it may look different. */
  readonly types: readonly string[];
}

/**
 * Shows a state again whenever it may have changed, until Ctrl-C: on a
 * terminal in the same place, in a pipe one after the other.
 *
 * @throws {GatewayError} MCPX_DAEMON_NOT_RUNNING — without one nothing changes.
 */
export async function watch({ show, types }: Watch, session: Session): Promise<void> {
  const daemon = await session.daemon();
  if (daemon === undefined) {
    throw new GatewayError(
      "MCPX_DAEMON_NOT_RUNNING",
      "Cannot watch: no daemon runs, and without it nothing changes",
    );
  }
  const { signal, terminal: { stdout } } = session;
  let isStale = false;
  let wake = () => {};
  const following = (async () => {
    for await (const _event of daemon.followEvents({ types: [...types, "snapshot"] }, signal)) {
      isStale = true;
      wake();
    }
  })();
  // Its failure ends the loop below, and is thrown there.
  following.catch(() => {}).finally(() => wake());
  while (!signal.aborted) {
    if (!isStale) {
      const news = new Promise<void>((resolve) => wake = resolve);
      await Promise.race([news, following]);
    }
    if (signal.aborted) break;
    isStale = false;
    if (stdout.isTerminal) await stdout.write(CLEAR);
    await show();
    await sleep(session.platform.clock, PAUSE_MS, signal).catch(() => {});
  }
  await following;
}
