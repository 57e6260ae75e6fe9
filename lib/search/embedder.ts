import { GatewayError } from "../contracts/mod.ts";
import { type Clock, type Network, openDeadline } from "../platform/mod.ts";

/** Turns texts into vectors of length 1. */
export interface Embedder {
  /** @throws If it cannot, or not in time. */
  embed(texts: readonly string[]): Promise<Float32Array[]>;
}

/** An endpoint that speaks the embeddings API of OpenAI, as many programs do. */
export interface EmbeddingEndpoint {
  /** Up to and without `/embeddings`. */
  readonly url: string;
  readonly model: string;
  readonly apiKey: string | undefined;
  readonly timeoutMs: number;
}

const MAX_DIMENSIONS = 16_384;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Creates an embedder over HTTP; the endpoint is asked for anew each time. */
export function createHttpEmbedder(
  { network, clock, endpoint }: {
    readonly network: Pick<Network, "fetch">;
    readonly clock: Clock;
    readonly endpoint: () => EmbeddingEndpoint;
  },
): Embedder {
  return {
    async embed(input) {
      const { url, model, apiKey, timeoutMs } = endpoint();
      using deadline = openDeadline(clock, timeoutMs, {
        onExpired: () => wrong("it did not answer in time"),
      });
      const response = await network.fetch(`${url.replace(/\/+$/, "")}/embeddings`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
        },
        body: JSON.stringify({ model, input, encoding_format: "float" }),
        redirect: "error",
        signal: deadline.signal,
      });
      if (!response.ok || Number(response.headers.get("content-length") ?? 0) > MAX_ANSWER_BYTES) {
        await response.body?.cancel();
        throw wrong(`it answered ${response.status}`);
      }
      return readVectors(await response.json(), input.length);
    },
  };
}

function readVectors(answer: unknown, count: number): Float32Array[] {
  const entries = isRecord(answer) && Array.isArray(answer.data) ? answer.data : [];
  const vectors: (Float32Array | undefined)[] = Array.from({ length: count });
  for (const [at, entry] of entries.entries()) {
    if (!isRecord(entry) || !Array.isArray(entry.embedding)) continue;
    const place = typeof entry.index === "number" ? entry.index : at;
    if (place in vectors) vectors[place] = toUnit(entry.embedding);
  }
  const found = vectors.filter((vector) => vector !== undefined);
  const size = found[0]?.length ?? 0;
  if (found.length < count || found.some(({ length }) => length !== size)) {
    throw wrong("its answer does not hold one vector for each text");
  }
  return found;
}

function toUnit(numbers: readonly unknown[]): Float32Array | undefined {
  if (numbers.length === 0 || numbers.length > MAX_DIMENSIONS) return undefined;
  const vector = Float32Array.from(numbers, (one) => typeof one === "number" ? one : NaN);
  const length = Math.hypot(...vector);
  if (!(length > 0) || !Number.isFinite(length)) return undefined;
  return vector.map((one) => one / length);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function wrong(problem: string): GatewayError {
  return new GatewayError("MCPX_INTERNAL", `Cannot get embeddings: ${problem}`, {
    remedy: 'Look at "embeddings" in the config, and whether its endpoint runs',
  });
}
