import { z } from "zod";
import { ConfigSchema } from "../contracts/mod.ts";

/** Writes the JSON Schema of the config file, for completion in editors. */
export function createConfigJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(ConfigSchema, { io: "input", target: "draft-2020-12" });
  const properties = { ...schema.properties };
  const { mcpServers } = properties;
  if (
    typeof mcpServers === "object" && typeof mcpServers.items === "object" && !Array.isArray(mcpServers.items)
  ) {
    properties.mcpServers = bothForms(mcpServers, mcpServers.items);
  }
  return {
    ...schema,
    title: "mcpproxy config",
    description:
      "Config of mcpproxy. apply says how a change takes effect: live, server (restarts it) or daemon.",
    properties,
  };
}

type Schema = z.core.JSONSchema.JSONSchema;

/** The list form, and the map form in which the key is the name. */
function bothForms(list: Schema, entry: Schema): Schema {
  const { name: _name, ...rest } = entry.properties ?? {};
  const aliases = {
    type: { description: "As protocol; the word other clients use", type: "string" as const },
    disabled: { description: "As enabled, the other way round", type: "boolean" as const },
  };
  const required = (entry.required ?? []).filter((key) => key !== "name");
  return {
    description: list.description,
    anyOf: [
      { ...list, items: { ...entry, properties: { ...entry.properties, ...aliases } } },
      {
        type: "object",
        additionalProperties: {
          ...entry,
          required,
          properties: { ...rest, ...aliases },
          additionalProperties: true,
        },
      },
    ],
  };
}
