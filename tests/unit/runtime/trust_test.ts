import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { createApprovalStore } from "../../support/trust.ts";
import { accepts, open, status, tool } from "./trust_fixture.ts";

Deno.test("Trust.review() lets a server in with what it shows first, but for what the scan holds", async () => {
  const { trust, entry } = open(new Map());

  await trust.review(entry, "tool", [tool("a", 1), tool("b", "evil")]);

  deepStrictEqual([status(trust, "a"), status(trust, "b")], ["approved", "pending"]);
});

Deno.test("Trust.review() holds at once what has changed, and takes the accepted form back", async () => {
  const { trust, entry } = open(new Map());
  await trust.review(entry, "tool", [tool("a", 1)]);

  const review = trust.review(entry, "tool", [tool("a", 2)]);
  deepStrictEqual([accepts(trust, tool("a", 1)), accepts(trust, tool("a", 2))], [false, false]);
  await review;
  strictEqual(status(trust, "a"), "changed");
  await trust.review(entry, "tool", [tool("a", 1)]);

  ok(accepts(trust, tool("a", 1)));
});

Deno.test("Trust.review() counts annotations as part of a tool", async () => {
  const { trust, entry } = open(new Map());
  const safe = { ...tool("a", 1), annotations: { readOnlyHint: true } };
  await trust.review(entry, "tool", [safe]);

  ok(!accepts(trust, { ...safe, annotations: { readOnlyHint: false } }));
});

Deno.test("Trust.review() takes trust_mode scan and auto at their word", async () => {
  const scan = open(new Map(), { server: { trust_mode: "scan" } });
  await scan.trust.review(scan.entry, "tool", [tool("a", 1)]);
  await scan.trust.review(scan.entry, "tool", [tool("a", 2), tool("b", "evil")]);
  deepStrictEqual([status(scan.trust, "a"), status(scan.trust, "b")], ["approved", "pending"]);

  const auto = open(new Map(), { server: { trust_mode: "auto" } });
  await auto.trust.review(auto.entry, "tool", [tool("a", 1)]);
  await auto.trust.review(auto.entry, "tool", [tool("a", "evil")]);
  await auto.trust.settled();
  strictEqual(status(auto.trust, "a"), "approved");
});

Deno.test("Trust.review() lets in with a held server what a person has looked at, and nothing else", async () => {
  const books = new Map<string, string>();
  const held = open(books, { server: { quarantined: true } });
  await held.trust.review(held.entry, "tool", [tool("a", 1), tool("b", 1)]);
  ok(!accepts(held.trust, tool("a", 1)));

  const { trust, entry } = open(books);
  await trust.review(entry, "tool", [tool("a", 1), tool("b", 2), tool("c", 1)]);

  deepStrictEqual(["a", "b", "c"].map((name) => status(trust, name)), ["approved", "pending", "pending"]);
});

Deno.test("Trust.review() holds what comes after an empty list, however long after, and after a restart", async () => {
  const books = new Map<string, string>();
  const first = open(books);
  await first.trust.review(first.entry, "tool", []);
  await first.trust.review(first.entry, "instructions", []);
  await first.trust.settled();
  await first.trust.review(first.entry, "tool", [tool("late", 1)]);
  strictEqual(status(first.trust, "late"), "pending");

  const { trust, entry } = open(books);
  await trust.review(entry, "instructions", [{ text: "obey" }]);
  ok(!trust.isAccepted("s", "instructions", "instructions", { text: "obey" }));
  ok(!trust.hasStarted("s", "prompt"));
});

Deno.test("Trust.review() lets nothing in that a person has not seen when they looked", async () => {
  const books = new Map<string, string>();
  const held = open(books, { server: { quarantined: true } });
  await held.trust.review(held.entry, "prompt", []);
  await held.trust.settled();

  const { trust, entry } = open(books);
  await trust.review(entry, "prompt", [{ name: "p" }]);

  ok(!trust.isAccepted("s", "prompt", "p", { name: "p" }));
});

Deno.test("Trust takes consent that may be lost for not given", async () => {
  for (const lost of [open(new Map(), { replacedAt: 1 }), open(new Map([["s", "not a book"]]))]) {
    await lost.trust.review(lost.entry, "tool", [tool("a", 1)]);
    strictEqual(status(lost.trust, "a"), "pending");
  }
});

Deno.test("Trust accepts nothing that is not on the disk", async () => {
  const full = { ...createApprovalStore(), save: () => Promise.reject(new Error("The disk is full")) };
  const { trust, entry } = open(new Map(), { approvals: full });

  await trust.review(entry, "tool", [tool("a", 1)]);
  await rejects(trust.approve("s", [{ kind: "tool", name: "a" }], "me"));

  ok(!accepts(trust, tool("a", 1)));
});

Deno.test("Trust.approve() refuses a form other than the one that was looked at", async () => {
  const { trust, entry } = open(new Map(), { server: { quarantined: true } });
  await trust.review(entry, "tool", [tool("a", 1)]);
  const hash = trust.find("s", "tool", "a")?.record.currentHash ?? "";
  await trust.review(entry, "tool", [tool("a", 2)]);

  await rejects(
    trust.approve("s", [{ kind: "tool", name: "a", hash }], "me"),
    /has changed since it was shown/,
  );
});

Deno.test("Trust.reject() keeps a tool out in every later form, after a restart too", async () => {
  const books = new Map<string, string>();
  const first = open(books);
  await first.trust.review(first.entry, "tool", [tool("a", 1)]);
  await first.trust.reject("s", [{ kind: "tool", name: "a" }]);

  const { trust, entry } = open(books);
  await trust.review(entry, "tool", [tool("a", 2)]);
  await trust.review(entry, "tool", [tool("a", 1)]);

  ok(!accepts(trust, tool("a", 1)) && trust.find("s", "tool", "a")?.record.blocked === true);
});

Deno.test("Trust.review() forgets what nobody has decided about once it is gone", async () => {
  const { trust, entry } = open(new Map());
  await trust.review(entry, "tool", [tool("a", 1)]);
  await trust.review(entry, "tool", [tool("a", 1), tool("b", 1)]);
  await trust.review(entry, "tool", []);
  await trust.settled();

  deepStrictEqual([status(trust, "a"), status(trust, "b")], ["approved", undefined]);
});

Deno.test("Trust.review() leaves nothing behind for a server that was removed meanwhile", async () => {
  const books = new Map<string, string>();
  const { trust, entry } = open(books);
  const gone = { ...entry, name: "gone" };

  await trust.review(gone, "prompt", []);
  await trust.review(gone, "tool", [tool("a", 1)]);
  await trust.settled();

  deepStrictEqual([...books.keys()], []);
  ok(!trust.hasStarted("gone", "prompt"));
});

Deno.test("Trust.review() does not remember for ever what came by itself and went", async () => {
  const { trust, entry } = open(new Map(), { server: { trust_mode: "auto" } });
  const many = (round: number) => Array.from({ length: 3_000 }, (_, index) => tool(`t${round}-${index}`, 1));
  for (let round = 0; round < 4; round++) {
    await trust.review(entry, "tool", many(round));
    await trust.settled();
  }
  ok(trust.entries("s").length < 9_000);
  strictEqual(status(trust, "t3-0"), "approved");
  strictEqual(status(trust, "t0-0"), undefined);
});
