import { strictEqual } from "node:assert/strict";
import { toSentence } from "../../../lib/contracts/mod.ts";

Deno.test("toSentence() ends a text once, and leaves a question a question", () => {
  strictEqual(toSentence("Cannot read it: it is gone"), "Cannot read it: it is gone.");
  strictEqual(toSentence('there is no "a", did you mean "b"?'), 'there is no "a", did you mean "b"?');
  strictEqual(toSentence("Done."), "Done.");
});
