import { deepStrictEqual } from "node:assert/strict";
import { permissionFor } from "../../../lib/contracts/mod.ts";

Deno.test("permissionFor() takes what a tool does not say for the worst", () => {
  const cases = [
    [undefined, "destructive"],
    [{}, "destructive"],
    [{ readOnlyHint: true }, "read"],
    [{ readOnlyHint: true, destructiveHint: false }, "read"],
    [{ readOnlyHint: true, destructiveHint: true }, "destructive"],
    [{ readOnlyHint: false }, "destructive"],
    [{ readOnlyHint: false, destructiveHint: false }, "write"],
    [{ destructiveHint: false }, "write"],
    [{ destructiveHint: true }, "destructive"],
  ] as const;
  deepStrictEqual(
    cases.map(([annotations]) => permissionFor(annotations)),
    cases.map(([, wanted]) => wanted),
  );
});
