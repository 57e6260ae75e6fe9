import { strictEqual } from "node:assert/strict";
import { z } from "zod";
import { toIssueText } from "../../../lib/management/issue_text.ts";

function textOf(schema: z.ZodType, value: unknown): string {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  return issue === undefined ? "no issue" : toIssueText(issue);
}

Deno.test("toIssueText() says what was wanted, without the words of the library", () => {
  strictEqual(textOf(z.enum(["json", "csv"]), "xml"), 'wanted "json" or "csv"');
  strictEqual(textOf(z.literal(true), false), "wanted true");
  strictEqual(textOf(z.string().min(1), ""), "wanted at least 1 character");
  strictEqual(textOf(z.string().max(2), "abc"), "wanted at most 2 characters");
  strictEqual(textOf(z.array(z.string()).min(1), []), "wanted at least 1 item");
  strictEqual(textOf(z.string(), undefined), "nothing is given, wanted string");
  strictEqual(textOf(z.strictObject({}), []), "found array, wanted object");
  strictEqual(textOf(z.iso.datetime(), "yesterday"), 'wanted a time such as "2026-01-31T08:00:00Z"');
  strictEqual(textOf(z.string().min(3, "wanted three letters"), "a"), "wanted three letters");
});
