import type { ToolResult } from "../../lib/contracts/mod.ts";
import { oneLine, visible } from "./text.ts";

type Block = ToolResult["content"][number];

/**
 * Writes a tool result for people: text as it is, everything else by name.
 *
 * @param isTerminal On a terminal, characters that would steer it are shown instead; a pipe gets the text untouched,
 * unless it is that of a failure, which people read wherever it goes.
 * @returns Ends with a line feed unless it is empty.
 */
export function renderToolResult(result: ToolResult, isTerminal: boolean): string {
  const blocks = result.content.map(renderBlock);
  if (blocks.length === 0 && result.structuredContent !== undefined) {
    blocks.push(JSON.stringify(result.structuredContent, undefined, 2));
  }
  const text = blocks.map((block) => block.endsWith("\n") ? block : `${block}\n`).join("");
  return isTerminal || result.isError === true ? visible(text.replaceAll("\r\n", "\n"), "\n\t") : text;
}

function renderBlock(block: Block): string {
  if (block.type === "text") return textAt(block, "text");
  if (block.type === "resource") return renderResource(block.resource);
  const facts = [block.type, textAt(block, "mimeType"), textAt(block, "name"), textAt(block, "uri")];
  return name(facts, block.data);
}

function renderResource(resource: unknown): string {
  if (typeof resource !== "object" || resource === null) return "[resource]";
  const text: unknown = Reflect.get(resource, "text");
  if (typeof text === "string") return text;
  return name(
    ["resource", textAt(resource, "mimeType"), textAt(resource, "uri")],
    Reflect.get(resource, "blob"),
  );
}

function name(facts: readonly string[], base64: unknown): string {
  const words = facts.filter((fact) => fact !== "").map(oneLine).join(" ");
  return typeof base64 === "string" ? `[${words}, ${sizeOf(base64)} bytes]` : `[${words}]`;
}

function textAt(holder: object, key: string): string {
  const value: unknown = Reflect.get(holder, key);
  return typeof value === "string" ? value : "";
}

function sizeOf(base64: string): number {
  return Math.floor(base64.replace(/=+$/, "").length * 3 / 4);
}
