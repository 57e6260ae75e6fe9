/**
 * Finds tools by words: the only room that knows the search engine.
 *
 * @module
 */

export type { ToolExplanation, WordExplanation } from "./explain.ts";
export { openToolIndex, type ToolHit, type ToolIndex, type ToolSearchOptions } from "./tool_index.ts";
