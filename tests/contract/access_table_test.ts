/**
 * The table of operations and rights names every operation that there is, and
 * no other.
 *
 * @module
 */

import { deepStrictEqual, ok } from "node:assert/strict";
import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { createProgram, defineNouns, pathOf } from "../../cli/program.ts";
import type { Session } from "../../cli/session.ts";
import {
  COMMAND_VERBS,
  listOperations,
  resolveFeatures,
  ROUTE_ACCESS,
  TOOL_ACCESS,
  VERBS,
} from "../../lib/contracts/mod.ts";
import type { HttpAppOptions } from "../../lib/http/options.ts";
import { createRoutes } from "../../lib/http/routes.ts";
import { openGateway } from "../../mod.ts";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { openWorkspace } from "../support/workspace.ts";

const WHERE = "say in lib/contracts/access.ts who may do it";

/** Differences between what there is and what the table has, as sentences. */
function differences(there: Iterable<string>, table: Iterable<string>): string[] {
  const [found, listed] = [new Set(there), new Set(table)];
  return [
    ...[...found].filter((name) => !listed.has(name)).map((name) => `"${name}" is missing: ${WHERE}`),
    ...[...listed].filter((name) => !found.has(name)).map((name) => `"${name}" does not exist any more`),
  ];
}

Deno.test("every route is in the table of rights", () => {
  const options = { features: resolveFeatures({}), bus: {} } as HttpAppOptions; // routes only keep the rest for later
  const routes = createRoutes(options).routes
    .filter(({ method, path }) => !(method === "ALL" && path === "/*"))
    .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, "{$1}")}`);
  const table = listOperations()
    .filter(({ surface, name }) => (surface === "rest" || surface === "http") && !/ \/mcp/.test(name))
    .map(({ name }) => name);

  deepStrictEqual(differences(routes, table), []);
});

Deno.test("every command is in the table of rights", async () => {
  const { program } = createProgram(80);
  // Definitions keep the session for their actions, and none runs here.
  await defineNouns(program, {} as Session);
  const commands: string[] = [];
  const walk = (command: CommandUnknownOpts) => {
    const isOwn = command.commands.length === 0 || Object.hasOwn(COMMAND_VERBS, pathOf(command));
    if (command.parent !== null && isOwn) commands.push(pathOf(command));
    for (const below of command.commands) walk(below);
  };
  walk(program);

  deepStrictEqual(differences(commands, Object.keys(COMMAND_VERBS)), []);
});

Deno.test("every tool of the gateway is in the table of rights, and none takes an admin", async () => {
  await using workspace = await openWorkspace({ features: {} });
  await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
  const tools: string[] = [];
  for (const path of ["", "/call", "/all", "/code"]) {
    const mcp = await mustOpenMcp(gateway.mcpUrl + path, gateway.apiKey);
    const { result } = await mcp.ask("tools/list");
    const listed: unknown = result?.tools;
    ok(Array.isArray(listed));
    for (const { name } of listed) tools.push(name);
  }

  deepStrictEqual(differences(tools, Object.keys(TOOL_ACCESS)), []);
  deepStrictEqual(new Set(Object.values(TOOL_ACCESS)), new Set(["agent"]));
});

Deno.test("what changes the gateway takes an admin", () => {
  // Agents call tools and ask; everything else that is no reading is for admins.
  const asking = new Set(["calls.call", "tools.preflight"]);
  const wrong = Object.entries(VERBS)
    .filter(([name, { method, role }]) => method !== "GET" && role !== "admin" && !asking.has(name))
    .map(([name]) => name);

  deepStrictEqual(wrong, []);
  const open = Object.entries(ROUTE_ACCESS).filter(([name, access]) =>
    access === "everyone" && !/^GET /.test(name)
  );
  deepStrictEqual(open.map(([name]) => name), ["POST /ui/sign-in", "POST /ui/sign-out"]);
});
