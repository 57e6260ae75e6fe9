import { notStrictEqual, strictEqual } from "node:assert/strict";
import type { ServerView } from "../../../lib/contracts/mod.ts";
import { ViewMemo } from "../../../lib/management/view_memo.ts";
import type { ServerRecord } from "../../../lib/runtime/mod.ts";

Deno.test("ViewMemo makes a view anew when, and only when, something it is made from is another", () => {
  const memo = new ViewMemo();
  const record = {} as ServerRecord; // known by identity only
  const [config, usage] = [{}, {}];
  let made = 0;
  const get = (from: ServerRecord, sources: readonly unknown[]) =>
    memo.get(from, sources, () => ({ made: ++made } as unknown as ServerView)); // nobody reads it

  const first = get(record, [config, usage]);
  strictEqual(get(record, [config, usage]), first);
  notStrictEqual(get(record, [config, {}]), first);
  notStrictEqual(get(record, [{}, usage]), first);
  notStrictEqual(get({} as ServerRecord, [config, usage]), first);
  strictEqual(Object.isFrozen(first), true);
});
