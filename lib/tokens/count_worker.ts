/**
 * The worker in which tokens are counted, so that neither loading the
 * tokenizer nor a long text keeps the main loop busy.
 *
 * @module
 */

import { type CountText, loadTokenizer } from "./count_here.ts";

/** A request to the worker. */
export interface CountRequest {
  readonly id: number;
  readonly texts: readonly string[];
}

/** Its answer: a count for each text, or none if it cannot count. */
export interface CountReply {
  readonly id: number;
  readonly counts?: readonly number[];
}

/** What a worker's global scope has, of which the library types of the main program know nothing. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<CountRequest>) => void) | null;
  postMessage(reply: CountReply): void;
}

// This file runs only as a worker, whose global object has both members.
const scope = globalThis as unknown as WorkerScope;
let tokenizer: Promise<CountText> | undefined;

async function answer({ id, texts }: CountRequest): Promise<CountReply> {
  try {
    const count = await (tokenizer ??= loadTokenizer());
    return { id, counts: texts.map(count) };
  } catch {
    return { id };
  }
}

scope.onmessage = ({ data }) => void answer(data).then((reply) => scope.postMessage(reply));
