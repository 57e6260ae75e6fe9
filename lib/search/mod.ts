/**
 * Finds tools by words: the only room that knows the search engine.
 *
 * @module
 */

export { createHttpEmbedder, type Embedder, type EmbeddingEndpoint } from "./embedder.ts";
export { createHybrid, type HybridOptions, type ToolFinder } from "./hybrid.ts";
export type { ToolExplanation, WordExplanation } from "./explain.ts";
export { type ListIndex, sliceIndex } from "./slice_index.ts";
export type { ToolHit, ToolIndex, ToolSearchOptions, ToolSource } from "./index_types.ts";
export { type IndexFile, openIndexFile } from "./index_file.ts";
export { openToolIndex } from "./tool_index.ts";
