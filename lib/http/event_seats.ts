import { type Caller, GatewayError } from "../contracts/mod.ts";

/** Streams of events that may be open at once, and those of one agent token. */
export const MAX_STREAMS = 10_000;
export const MAX_STREAMS_OF_TOKEN = 100;
const RETRY_AFTER_MS = 5_000;

/** Counts the streams of events that are open: each costs memory and a turn of every event. */
export class EventSeats {
  #taken = 0;
  readonly #byToken = new Map<string, number>();

  /** Streams that are open. */
  get taken(): number {
    return this.#taken;
  }

  /**
   * Takes a seat.
   *
   * @returns Gives it back; a second time does nothing.
   * @throws {GatewayError} MCPX_RATE_LIMITED.
   */
  take({ scope, label }: Caller): () => void {
    const own = this.#byToken.get(label) ?? 0;
    if (this.#taken >= MAX_STREAMS) throw full("in all", MAX_STREAMS);
    if (scope !== undefined && own >= MAX_STREAMS_OF_TOKEN) {
      throw full("with this token", MAX_STREAMS_OF_TOKEN);
    }
    this.#taken++;
    if (scope !== undefined) this.#byToken.set(label, own + 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.#taken--;
      if (scope !== undefined) this.#leave(label);
    };
  }

  #leave(label: string): void {
    const left = (this.#byToken.get(label) ?? 1) - 1;
    if (left > 0) this.#byToken.set(label, left);
    else this.#byToken.delete(label);
  }
}

function full(where: string, most: number): GatewayError {
  return new GatewayError(
    "MCPX_RATE_LIMITED",
    `Cannot open a stream of events: ${most} are open ${where}, the most there may be`,
    { remedy: "Close streams that nobody reads", details: { retry_after_ms: RETRY_AFTER_MS } },
  );
}
