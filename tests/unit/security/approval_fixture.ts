import type { Definition } from "../../../lib/security/mod.ts";

export const TOOL: Definition = {
  name: "read",
  title: "Read",
  description: "Reads a file.",
  inputSchema: {
    type: "object",
    properties: { path: { type: "string", description: "Where", enum: ["a", "b"] } },
    required: ["path"],
  },
  outputSchema: { type: "object" },
  annotations: { readOnlyHint: true, destructiveHint: false },
  icons: [{ src: "data:image/png;base64,AA==" }],
  _meta: { "vendor/x": 1 },
};
