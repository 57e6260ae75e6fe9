import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { EVERYTHING, type ListCost } from "../../../lib/calls/mod.ts";
import { type Config, ConfigSchema } from "../../../lib/contracts/mod.ts";
import {
  choiceFor,
  createExposures,
  decideExposure,
  type ExposureFacts,
  maxToolsOf,
  type Viewer,
} from "../../../lib/mcp/exposure.ts";

const COST: ListCost = { tools: 10, tokens: 1_000, isWhole: true, isSettled: true };
const FACTS: ExposureFacts = {
  choice: "auto",
  cost: COST,
  threshold: 3_000,
  ownTools: 7,
  maxTools: Infinity,
  last: undefined,
};
const VIEWER: Viewer = {
  surface: { key: "/mcp", mode: "search", adapts: true },
  scope: EVERYTHING,
  owner: "me",
  profile: undefined,
  client: "Cursor",
};

Deno.test("decideExposure() shows a list directly as long as it is short", () => {
  const decide = (facts: Partial<ExposureFacts>, cost: Partial<ListCost> = {}) =>
    decideExposure({ ...FACTS, ...facts, cost: { ...COST, ...cost } });

  strictEqual(decide({}), "direct");
  strictEqual(decide({}, { tokens: 3_000 }), "direct");
  strictEqual(decide({}, { tokens: 3_001 }), "search");
  strictEqual(decide({}, { tokens: 2_999, isWhole: false }), "search");
  strictEqual(decide({}, { tools: 0, tokens: 0 }), "search");
  strictEqual(decide({ maxTools: 17 }), "direct");
  strictEqual(decide({ maxTools: 16 }), "search");
  strictEqual(decide({ choice: "direct" }, { tokens: 1e6 }), "direct");
  strictEqual(decide({ choice: "search" }), "search");
});

Deno.test("decideExposure() does not go back and forth, nor guess what is not known yet", () => {
  const decide = (last: ExposureFacts["last"], cost: Partial<ListCost>) =>
    decideExposure({ ...FACTS, last, cost: { ...COST, ...cost } });

  deepStrictEqual([2_900, 3_100, 3_750, 3_751].map((tokens) => decide("direct", { tokens })), [
    "direct",
    "direct",
    "direct",
    "search",
  ]);
  deepStrictEqual([3_100, 2_900].map((tokens) => decide("search", { tokens })), ["search", "direct"]);
  strictEqual(decide("direct", { isSettled: false }), "direct");
  strictEqual(decide(undefined, { isSettled: false }), "search");
});

Deno.test("choiceFor() asks the profile, then the client, then the config", () => {
  const config = (more: object) =>
    ConfigSchema.parse({ profiles: [{ name: "p", servers: [], exposure: "search" }], ...more });

  strictEqual(choiceFor(config({}), VIEWER), "auto");
  strictEqual(choiceFor(config({ exposure: "direct" }), VIEWER), "direct");
  const byClient = config({ exposure_clients: { cursor: "search" }, exposure: "direct" });
  strictEqual(choiceFor(byClient, VIEWER), "search");
  strictEqual(choiceFor(byClient, { ...VIEWER, client: "other" }), "direct");
  strictEqual(choiceFor(config({ exposure: "direct" }), { ...VIEWER, profile: "p" }), "search");
  const surface = { key: "/mcp/p/p", mode: "search", profile: "p", adapts: true } as const;
  strictEqual(choiceFor(config({ exposure: "direct" }), { ...VIEWER, surface }), "search");
});

Deno.test("maxToolsOf() knows the clients that take few", () => {
  deepStrictEqual(
    [maxToolsOf("Cursor"), maxToolsOf("cursor-vscode"), maxToolsOf("x"), maxToolsOf(undefined)],
    [
      40,
      40,
      Infinity,
      Infinity,
    ],
  );
});

Deno.test("Exposures remembers each viewer's last decision", () => {
  let tokens = 2_000;
  const config: Config = ConfigSchema.parse({});
  const exposures = createExposures({
    relay: { listCost: () => ({ ...COST, tokens }) },
    config: () => config,
    ownTools: 7,
  });
  strictEqual(exposures.of(VIEWER), "direct");

  tokens = 3_500;
  strictEqual(exposures.of(VIEWER), "direct");
  strictEqual(exposures.of({ ...VIEWER, owner: "somebody" }), "search");
  tokens = 4_000;
  strictEqual(exposures.of(VIEWER), "search");
  strictEqual(exposures.of({ ...VIEWER, surface: { key: "/mcp/all", mode: "direct" } }), "direct");
  strictEqual(exposures.of({ ...VIEWER, surface: { key: "/mcp/call", mode: "search" } }), "search");
});
