import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Names } from "../../../lib/search/names.ts";

Deno.test("Names finds by name and by id, however they are written", () => {
  const names = new Names();
  names.add("git-hub", "create_issue", 1);
  names.add("other", "createIssue", 2);
  names.add("odd", "???", 3);
  names.add("", "", 4);

  deepStrictEqual([...names.find("Create issue")], [1, 2]);
  deepStrictEqual([...names.find("github:create-issue")], [1]);
  deepStrictEqual([...names.find("git hub create issue")], [1]);
  deepStrictEqual([...names.find(" ??? ")], [3]);
  deepStrictEqual([...names.find("issue")], []);
});

Deno.test("Names finds whatever it was given, of any length and in any script", () => {
  const ascii = fc.string({ unit: "binary-ascii", maxLength: 40 });
  const text = fc.oneof(
    ascii,
    fc.string({ unit: "grapheme", maxLength: 20 }),
    fc.constant("Ab_9".repeat(300)),
  );
  fc.assert(
    fc.property(text, text, (server, tool) => {
      const names = new Names();
      names.add(server, tool, 7);
      deepStrictEqual([...names.find(tool)], [7]);
      names.remove(server, tool, 7);
      deepStrictEqual([...names.find(tool)], []);
    }),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(ascii, ascii, (server, tool) => {
      const names = new Names();
      names.add(server, tool, 7);
      deepStrictEqual([...names.find(`${server}:${tool}`)], [7]);
      deepStrictEqual(
        [...names.find(`${server} - ${tool.toUpperCase()}`).values()].length > 0 ||
          !/[a-z0-9]/i.test(server + tool),
        true,
      );
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("Names knows what is there after any coming and going", () => {
  const step = fc.record({
    isGone: fc.boolean(),
    server: fc.constantFrom("a", "b", ""),
    tool: fc.constantFrom("x", "X", "ax", "y_z", "yz", "-"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const names = new Names();
      const there = new Map<string, number>();
      const plain = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "") || text.trim();
      for (const [at, { isGone, server, tool }] of steps.entries()) {
        const id = `${server}:${tool}`;
        const known = there.get(id);
        if (isGone && known !== undefined) names.remove(server, tool, known);
        if (isGone) there.delete(id);
        else if (known === undefined) {
          names.add(server, tool, at);
          there.set(id, at);
        }
      }
      for (const query of ["x", "ax", "bx", "yz", "a:yz", "-", ":-", "b:-"]) {
        const wanted = [...there].filter(([id]) => {
          const tool = id.slice(id.indexOf(":") + 1);
          return plain(tool) === plain(query) || plain(id) === plain(query);
        });
        deepStrictEqual([...names.find(query)].sort(), wanted.map(([, at]) => at).sort(), query);
      }
    }),
  );
});
