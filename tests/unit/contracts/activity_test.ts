import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { ActivityQuerySchema } from "../../../lib/contracts/mod.ts";

Deno.test("ActivityQuerySchema reads a query string as well as an object", () => {
  const wanted = { type: ["tool_call", "preflight"], sensitive_data: true, server: "s", limit: 20 };

  deepStrictEqual(
    ActivityQuerySchema.parse({
      type: "tool_call, preflight",
      sensitive_data: "true",
      server: "s",
      limit: "20",
    }),
    wanted,
  );
  deepStrictEqual(ActivityQuerySchema.parse(wanted), wanted);
  const { type, status, server, limit } = ActivityQuerySchema.parse({ type: "", status: ",", server: "" });
  deepStrictEqual([type, status, server, limit], [undefined, undefined, undefined, 50]);
  strictEqual(ActivityQuerySchema.parse({ include_call_tool: "0" }).include_call_tool, false);
});

Deno.test("ActivityQuerySchema refuses what would find something else than was meant", () => {
  for (
    const wrong of [
      { typo: "x" },
      { type: "tool_calls" },
      { limit: 0 },
      { limit: 101 },
      { limit: "many" },
      { start_time: "yesterday" },
      { sensitive_data: "perhaps" },
      { severity: "High" },
    ]
  ) strictEqual(ActivityQuerySchema.safeParse(wrong).success, false, JSON.stringify(wrong));
});
