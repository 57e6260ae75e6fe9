import { deepStrictEqual, notDeepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { readSaved, toFingerprint, writeSaved } from "../../../lib/search/saved.ts";
import { openToolIndex } from "../../../lib/search/mod.ts";
import sample from "./sample_tools.json" with { type: "json" };

const terms = ["create", "=create", "的", "__proto__"];
const tools = [
  { fingerprint: [1, 2] as const, verb: 0, entries: Uint32Array.of(0 << 12 | 7, 2 << 12 | 4095) },
  { fingerprint: [3, 0xffffffff] as const, verb: 9, entries: Uint32Array.of(3 << 12 | 1, 2 << 12 | 9) },
  { fingerprint: [5, 6] as const, verb: 0xffff, entries: new Uint32Array() },
];
const write = () => writeSaved(tools, (id) => terms[id] ?? "");

Deno.test("readSaved() gives what writeSaved() was given, once, with terms by place", () => {
  const saved = readSaved(write());

  deepStrictEqual([0, 1, 2].map((place) => saved?.terms.termAt(place)), ["create", "的", "__proto__"]);
  deepStrictEqual(saved?.take([1, 2])?.entries, Uint32Array.of(0 << 12 | 7, 1 << 12 | 4095));
  deepStrictEqual(saved?.take([3, 0xffffffff]), {
    verb: 9,
    entries: Uint32Array.of(2 << 12 | 1, 1 << 12 | 9),
  });
  deepStrictEqual(saved?.take([5, 6]), { verb: 0xffff, entries: new Uint32Array() });
  deepStrictEqual([saved?.take([2, 1]), saved?.take([1, 2])], [undefined, undefined]);
  ok(readSaved(writeSaved([], () => "")) !== undefined);
});

Deno.test("writeSaved() leaves a server with a term too long for its key to be read anew", () => {
  strictEqual(writeSaved(tools, () => "x".repeat(256)).length, 0);
  strictEqual(readSaved(new Uint8Array()), undefined);
});

Deno.test("readSaved() takes nothing from bytes that are cut, changed in length or from elsewhere", () => {
  const bytes = write();
  for (let length = 0; length < bytes.length; length++) {
    strictEqual(readSaved(bytes.subarray(0, length)), undefined, `${length}`);
  }
  strictEqual(readSaved(new TextEncoder().encode('[{"name":"x"}]')), undefined);
  const other = bytes.slice();
  other[0] = 99;
  strictEqual(readSaved(other), undefined);
});

Deno.test("readSaved() and whoever uses it bear any damage", () => {
  const [{ server, tools } = { server: "", tools: [] }] = sample;
  const index = openToolIndex();
  index.replaceServer(server, tools);
  const bytes = index.saveServer(server);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
      const damaged = bytes.slice();
      for (const [at, value] of changes) damaged[at] = value;
      const other = openToolIndex();
      other.replaceServer(server, tools, damaged);
      strictEqual(other.size, tools.length);
      other.search("send an email", { limit: 5 });
      other.removeServer(server);
      strictEqual(other.size, 0);
    }),
    { numRuns: 60 },
  );
});

Deno.test("toFingerprint() tells texts apart, and where one ends", () => {
  const seen = new Set<string>();
  const texts = [["ab", "c"], ["a", "bc"], ["abc", ""], ["", "abc"], ["acb"], ["abc"], [], [""], ["ba", "c"]];
  for (const one of texts) seen.add(toFingerprint(one).join());
  strictEqual(seen.size, texts.length);
  deepStrictEqual(toFingerprint(["的", "x"]), toFingerprint(["的", "x"]));
  notDeepStrictEqual(toFingerprint(["a".repeat(999)]), toFingerprint([`${"a".repeat(998)}b`]));
});

Deno.test("what is saved changes only together with its version", () => {
  const index = openToolIndex();
  const hash = createHash("sha256");
  for (const { server, tools } of sample) {
    index.replaceServer(server, tools);
    hash.update(index.saveServer(server));
  }

  // Another sum means that the same texts lead to other bytes: count VERSION in saved.ts up, then change it here.
  deepStrictEqual(
    [index.saveServer("sky")[0], hash.digest("hex").slice(0, 16)],
    [2, "e84401b8b69a9641"],
  );
});
