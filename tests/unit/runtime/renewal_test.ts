import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Scanner } from "../../../lib/security/mod.ts";
import { accepts, open, status, tool } from "./trust_fixture.ts";

interface Rules {
  readonly version: string;
  /** A text that is held; everything else is clean. */
  readonly word: string;
  readonly isComplete?: boolean;
}

/** A scanner, and the names that it was asked about. */
function createScanner({ version, word, isComplete = true }: Rules) {
  const asked: string[] = [];
  const scanner: Pick<Scanner, "scan" | "rules"> = {
    rules: version,
    scan(subjects) {
      const definitions = subjects.map(({ kind, definition }) => {
        asked.push(String(definition.name));
        const verdict = String(definition.description).includes(word) ? "hold" as const : "clean" as const;
        const findings = verdict === "clean" ? [] : [FINDING];
        return { kind, name: String(definition.name), verdict, score: 0, complete: isComplete, findings };
      });
      return Promise.resolve({ rules: version, verdict: "clean", complete: isComplete, definitions });
    },
  };
  return { scanner, asked };
}

const FINDING = {
  rule: "x.y",
  family: "exfil",
  tag: "T",
  weight: 3,
  pointer: "/description",
  span: [0, 1] as const,
  text: "d",
  message: "m",
};
const SHOWN = [tool("one", "plain"), tool("two", "sly")];

/** Books of a server whose tools were accepted under the first rules. */
async function accepted() {
  const books = new Map<string, string>();
  const { scanner } = createScanner({ version: "1", word: "evil" });
  const { trust, entry } = open(books, { rules: scanner });
  await trust.review(entry, "tool", SHOWN);
  await trust.settled();
  deepStrictEqual([status(trust, "one"), status(trust, "two")], ["approved", "approved"]);
  return books;
}

Deno.test("Trust.renew() says what other rules find of what is accepted, and leaves it accepted", async () => {
  const books = await accepted();
  const { scanner } = createScanner({ version: "2", word: "sly" });
  const { trust } = open(books, { rules: scanner });

  const renewal = await trust.renew(["s"]);

  const hash = trust.find("s", "tool", "two")?.record.approvedHash;
  deepStrictEqual(renewal, {
    scanned: 2,
    worse: [{
      server: "s",
      kind: "tool",
      name: "two",
      hash,
      isAccepted: true,
      from: "clean",
      to: "hold",
      families: ["exfil"],
    }],
  });
  strictEqual(status(trust, "two"), "approved");
  ok(SHOWN.every((one) => accepts(trust, one)));
  deepStrictEqual(trust.entries("s").map(({ scan }) => scan?.rules), ["2", "2"]);
});

Deno.test("Trust.renew() scans nothing twice by the same rules, also after a restart", async () => {
  const books = await accepted();
  const first = createScanner({ version: "1", word: "sly" });
  deepStrictEqual(await open(books, { rules: first.scanner }).trust.renew(["s"]), { scanned: 0, worse: [] });
  strictEqual(first.asked.length, 0);
  await open(books, { rules: createScanner({ version: "2", word: "sly" }).scanner }).trust.renew(["s"]);

  const again = createScanner({ version: "2", word: "sly" });
  deepStrictEqual(await open(books, { rules: again.scanner }).trust.renew(["s"]), { scanned: 0, worse: [] });
  strictEqual(again.asked.length, 0);
});

Deno.test("Trust.renew() keeps what is known of what cannot be scanned whole, and tries again", async () => {
  const books = await accepted();
  const late = createScanner({ version: "2", word: "sly", isComplete: false });
  const { trust } = open(books, { rules: late.scanner });

  deepStrictEqual((await trust.renew(["s"])).worse, []);
  deepStrictEqual(trust.entries("s").map(({ scan }) => scan?.rules), ["1", "1"]);

  const { scanner } = createScanner({ version: "2", word: "sly" });
  strictEqual((await open(books, { rules: scanner }).trust.renew(["s"])).worse.length, 1);
});
