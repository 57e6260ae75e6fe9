/** Several `list_changed` within this time are answered with one new list. */
const FIRST_MS = 2_000;
/** Lists in a row after which the pause begins to double: a server may well change a few times while it starts. */
const FREE = 4;
const LONGEST_MS = 300_000;
/** A server that says nothing for so long is quiet, also if its pause is short. */
const QUIET_MS = 30_000;
/** From this pause on a person is told. */
const TELLING_MS = 60_000;

/**
 * How soon a server is asked for its tools when it says that they have
 * changed: after 2 s at first. One that says so again and again is asked less
 * and less, at last every 5 minutes; it is as at first when it has said nothing
 * for twice its pause. Times are milliseconds of one clock.
 */
export class ListPace {
  #inRow = 0;
  #toldAt = -Infinity;

  /** Time until the server is asked, for news that come now and are not waiting to be asked about. */
  delayAt(now: number): number {
    if (this.#isQuiet(now)) this.#inRow = 0;
    this.#inRow++;
    this.#toldAt = now;
    return this.#pauseMs;
  }

  /** Notes news that come while the server is about to be asked anyway. */
  heard(now: number): void {
    this.#toldAt = now;
  }

  /** How long the server is made to wait, if it is for so long that a person should know; else `undefined`. */
  tellingAt(now: number): number | undefined {
    return this.#pauseMs < TELLING_MS || this.#isQuiet(now) ? undefined : this.#pauseMs;
  }

  get #pauseMs(): number {
    return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, this.#inRow - FREE));
  }

  #isQuiet(now: number): boolean {
    return now - this.#toldAt > Math.max(QUIET_MS, 2 * this.#pauseMs);
  }
}
