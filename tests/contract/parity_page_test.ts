/**
 * Holds the page for people who come from mcpproxy-go against the program.
 *
 * @module
 */

import { deepStrictEqual, ok } from "node:assert/strict";
import {
  COMMAND_VERBS,
  LEFT_OUT_COMMANDS,
  LEFT_OUT_ROUTES,
  type Verb,
  VERBS,
  whyLeftOut,
} from "../../lib/contracts/mod.ts";

const PAGE = new URL("../../docs/PARITY.md", import.meta.url);
const VERDICTS = ["same", "different", "later"];

async function rows(start: RegExp): Promise<string[][]> {
  const lines = (await Deno.readTextFile(PAGE)).split("\n").filter((line) => start.test(line));
  return lines.map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

function codesIn(cell: string | undefined): string[] {
  return [...(cell ?? "").matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? "");
}

const routes = new Set(
  Object.values(VERBS).flatMap((verb: Verb) => [verb, ...(verb.aliases ?? [])])
    .map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`),
);
const isRoute = (route: string) => routes.has(route.replace(/\{\w+\}/g, "{}"));

Deno.test("the page on parity judges each thing once, in one of three words", async () => {
  const things = await rows(/^\| \d+ \|/);
  deepStrictEqual(things.map(([no]) => Number(no)), Array.from({ length: 20 }, (_, index) => index + 1));
  for (const cells of [...things, ...await rows(/^\| `/)]) {
    const [, what = "", verdict = "", how = ""] = cells;
    ok(what !== "" && VERDICTS.includes(verdict), cells.join(" | "));
    ok(verdict === "same" || how !== "", `${what} does not say how it differs`);
  }
});

Deno.test("what the page on parity calls the same is there, and what it does not have is left out", async () => {
  const wrong: string[] = [];
  for (const [commands, paths, verdict] of await rows(/^\| `/)) {
    for (const command of codesIn(commands)) {
      const isThere = command in COMMAND_VERBS;
      const isLeftOut = whyLeftOut(LEFT_OUT_COMMANDS, command) !== undefined;
      if (verdict === "same" ? !isThere : !isThere && !isLeftOut) wrong.push(command);
    }
    for (const route of codesIn(paths)) {
      const isLeftOut = whyLeftOut(LEFT_OUT_ROUTES, route) !== undefined || route.includes("/user/");
      if (verdict === "same" ? !isRoute(route) : !isRoute(route) && !isLeftOut) wrong.push(route);
    }
  }
  deepStrictEqual(wrong, []);
});
