import { strictEqual, throws } from "node:assert/strict";
import { eitherName } from "../../../cli/usage.ts";

Deno.test("eitherName() takes whichever is given, and refuses two that differ", () => {
  strictEqual(eitherName("a", undefined, "upstream logs"), "a");
  strictEqual(eitherName(undefined, "b", "upstream logs"), "b");
  strictEqual(eitherName("a", "a", "upstream logs"), "a");
  strictEqual(eitherName(undefined, undefined, "upstream logs"), undefined);
  throws(() => eitherName("a", "b", "upstream logs"), {
    code: "MCPX_USAGE",
    message: /"a" and --server "b"/,
  });
});
