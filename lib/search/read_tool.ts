import type { ToolDefinition } from "../contracts/mod.ts";
import { toFingerprint } from "./saved.ts";
import { FIELDS, toToolTexts } from "./tool_fields.ts";
import type { ToolSource } from "./index_types.ts";

/** A tool whose version is what is indexed of it. */
export class ReadTool implements ToolSource {
  readonly definition: ToolDefinition;
  readonly #server: string;
  #version: string | undefined;

  constructor(server: string, definition: ToolDefinition) {
    this.#server = server;
    this.definition = definition;
  }

  get name(): string {
    return this.definition.name;
  }

  get version(): string {
    if (this.#version !== undefined) return this.#version;
    const texts = toToolTexts(this.#server, this.definition);
    return this.#version = toFingerprint(FIELDS.map((field) => texts[field])).join();
  }
}

/** The source of a tool of which only the name is known; it equals no other. */
export function unknownTool(name: string): ToolSource {
  return {
    name,
    version: "?",
    get definition(): never {
      throw new RangeError(`Cannot read tool "${name}": it was kept by its words only`);
    },
  };
}
