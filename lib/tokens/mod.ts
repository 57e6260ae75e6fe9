/**
 * How much of a model's attention a text takes: by estimate at once, or
 * counted by a tokenizer that is loaded when it is first needed.
 *
 * @module
 */

export { type CounterOptions, type CountingWorker, openTokenCounter, type TokenCounter } from "./counter.ts";
export { estimateTokens } from "./estimate.ts";
