import { match, ok, strictEqual } from "node:assert/strict";
import { createSessions } from "../../../lib/mcp/sessions.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";

const COUNT = 10_000;
const FACTS = { protocolVersion: "2025-11-25", client: {}, capabilities: {}, surface: "/mcp", owner: "me" };

Deno.test("ids of sessions have 122 random bits each: none comes twice, no digit is likelier than others", () => {
  const { clock, random } = createDenoPlatform();
  const sessions = createSessions({ clock, random }, { max: COUNT, idleMs: 60_000 });
  const ids = Array.from({ length: COUNT }, () => sessions.open(FACTS).id);

  strictEqual(new Set(ids).size, COUNT);
  for (const id of ids) match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  // Version and variant stand at fixed places; every other digit is chance.
  const places = [...ids[0]?.replaceAll("-", "") ?? ""].map((_, at) => at).filter((at) =>
    at !== 12 && at !== 16
  );
  for (const at of places) {
    const counts = new Map<string, number>();
    for (const id of ids) {
      const digit = id.replaceAll("-", "")[at] ?? "";
      counts.set(digit, (counts.get(digit) ?? 0) + 1);
    }
    const expected = COUNT / 16;
    const chiSquare = [...counts.values()].reduce(
      (sum, count) => sum + (count - expected) ** 2 / expected,
      0,
    );
    strictEqual(counts.size, 16);
    // With 15 degrees of freedom chance exceeds 80 once in 10^10 looks.
    ok(chiSquare < 80, `digit ${at}: ${chiSquare}`);
  }
});

Deno.test("what records call a session lets nobody speak in it", () => {
  const { clock, random } = createDenoPlatform();
  const sessions = createSessions({ clock, random });
  const { id, label } = sessions.open(FACTS);

  ok(!id.includes(label.replace("s-", "")));
  strictEqual(sessions.find(label), undefined);
});
