/**
 * Holds the table of verbs against REST, the command line and MCP, and all of
 * them against what clients of mcpproxy-go know.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { Hono } from "hono";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { visibleBelow } from "../../cli/visible_below.ts";
import { createProgram, defineNouns, findCommand, pathOf } from "../../cli/program.ts";
import type { Session } from "../../cli/session.ts";
import {
  LEFT_OUT_COMMANDS,
  LEFT_OUT_ROUTES,
  type Management,
  type Verb,
  VERBS,
  whyLeftOut,
} from "../../lib/contracts/mod.ts";
import { addRestRoutes, type AppEnv } from "../../lib/http/rest.ts";
import { KNOWN_COMMANDS, KNOWN_ROUTES, KNOWN_TOOLS, OTHER_ROUTES, WITHOUT_COMMAND } from "./parity.ts";

import { KNOWN_FLAGS, LEFT_OUT_FLAGS } from "./parity_flags.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Routes as Hono has them, without the base; parameters lose their names. */
function routesInRest(): string[] {
  const app = new Hono<AppEnv>();
  // The routes are put up, and nobody asks them anything.
  addRestRoutes(app, {} as Management, new AbortController().signal);
  return app.routes.map(({ method, path }) =>
    `${method} ${path.replace("/api/v1", "").replace(/:\w+/g, "{}")}`
  );
}

function routesOfVerbs(): string[] {
  return Object.values(VERBS).flatMap((verb: Verb) =>
    [{ method: verb.method, path: verb.path }, ...(verb.aliases ?? [])]
      .map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`)
  );
}

async function commands(): Promise<string[]> {
  const { program } = createProgram(80);
  await defineNouns(program, {} as Session); // kept for actions, and none runs
  const visit = (command: CommandUnknownOpts): string[] =>
    visibleBelow(command).flatMap((below) => [pathOf(below), ...visit(below)]);
  return visit(program);
}

async function sources(folder: string): Promise<string> {
  const texts: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    texts.push(isDirectory ? await sources(path) : await Deno.readTextFile(path));
  }
  return texts.join("\n");
}

Deno.test("REST has the routes of the verbs, each once, and no others", () => {
  const rest = routesInRest();
  deepStrictEqual([...rest].sort(), [...routesOfVerbs(), ...OTHER_ROUTES].sort());
  strictEqual(new Set(rest).size, rest.length);
});

Deno.test("REST has every route that clients of mcpproxy-go know, or a reason why not", () => {
  const own = new Set(routesInRest());
  deepStrictEqual(
    KNOWN_ROUTES.filter((route) => !own.has(route) && whyLeftOut(LEFT_OUT_ROUTES, route) === undefined),
    [],
  );
});

Deno.test("the command line has every command that people know, or a reason why not", async () => {
  const own = new Set(await commands());
  deepStrictEqual(
    KNOWN_COMMANDS.filter((one) => !own.has(one) && whyLeftOut(LEFT_OUT_COMMANDS, one) === undefined),
    [],
  );
});

Deno.test("commands have the options that people know, or there is a reason why not", async () => {
  const { program } = createProgram(80);
  await defineNouns(program, {} as Session); // kept for actions, and none runs
  const missing = Object.entries(KNOWN_FLAGS).flatMap(([path, flags]) => {
    const command = path === "" ? program : findCommand(program, path.split(" "));
    const own = new Set([...command.options, ...program.options].flatMap(({ long, short }) => [long, short]));
    return flags.split(" ").map((flag) => ({ flag, own, name: `${path} ${flag}`.trim() }));
  }).filter(({ flag, own, name }) => !own.has(flag) && whyLeftOut(LEFT_OUT_FLAGS, name) === undefined);

  deepStrictEqual(missing.map(({ name }) => name), []);
});

Deno.test("every verb can be asked for on the command line, or there is a reason why not", async () => {
  const text = await sources(join(ROOT, "cli"));
  const isAsked = (verb: string) => text.includes(`"${verb}"`) || isControl(verb);
  const missing = Object.keys(VERBS).filter((verb) => !isAsked(verb) && !(verb in WITHOUT_COMMAND));
  deepStrictEqual(missing, []);
  for (const verb of Object.keys(WITHOUT_COMMAND)) {
    ok(verb in VERBS && !isAsked(verb), `${verb} needs no reason any more`);
  }
});

/** `upstream enable`, `disable` and `restart` share one action, which makes the name of the verb. */
function isControl(verb: string): boolean {
  return ["servers.enable", "servers.disable", "servers.restart"].includes(verb);
}

Deno.test("MCP has every tool that agents know", async () => {
  const rooms = ["lib/calls", "lib/mcp", "lib/management/agent_tools"];
  const text = (await Promise.all(rooms.map((room) => sources(join(ROOT, room))))).join("\n");
  const isThere = (tool: string) =>
    text.includes(`"${tool}"`) || (tool.startsWith("call_tool_") && text.includes("call_tool_${"));
  deepStrictEqual(KNOWN_TOOLS.filter((tool) => !isThere(tool)), []);
});

Deno.test("every verb has a case in a suite of its contract", async () => {
  const text = await sources(join(ROOT, "tests"));
  const missing = Object.keys(VERBS).filter((verb) => !new RegExp(`\\(\\s*"${verb}"`).test(text));
  deepStrictEqual(missing, []);
});
