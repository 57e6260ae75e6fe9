import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { startDaemon } from "../support/daemon.ts";
import { turningServerCommand, turnTo } from "../support/fixtures/turning_server.ts";
import { openWorkspace } from "../support/workspace.ts";

/** Its version stays, as it does when somebody only adds a line. */
const bundle = (pattern: string, id = "B") =>
  JSON.stringify({ format: 1, version: "one", patterns: [{ id, pattern, weight: 4 }] });

/** Asks again and again; whoever never gets it is stopped from outside. */
async function until<Answer>(
  ask: () => Promise<Answer>,
  isWanted: (answer: Answer) => boolean,
): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

Deno.test("other scan rules are used on what is accepted, which stays accepted, and the person hears of it", async () => {
  await using workspace = await openWorkspace();
  const state = join(workspace.directory, "state.json");
  await turnTo(state, {
    instructions: "Be kind",
    tools: [
      { name: "add", description: "Adds two numbers, nightfall", inputSchema: { type: "object" } },
      { name: "mul", description: "Multiplies two numbers", inputSchema: { type: "object" } },
    ],
    prompts: [],
  });
  const rules = join(workspace.directory, "rules.json");
  await Deno.writeTextFile(rules, bundle("never-there"));
  await workspace.write({
    listen: "127.0.0.1:0",
    security: { tpa_bundle_path: rules },
    mcpServers: [{ name: "s", ...turningServerCommand(state), quarantined: false }],
  });
  await using daemon = await startDaemon(workspace);
  const api = async (path: string) => {
    const response = await fetch(`${daemon.url}/api/v1${path}`, { headers: { "x-api-key": daemon.apiKey } });
    return (await response.json()).data;
  };
  await daemon.seen(/Connected \(2 tools\)/);
  const report = () => api("/security/report?name=s");
  // Both tools and the instructions.
  await until(report, ({ definitions }) => definitions.length === 3);

  await Deno.writeTextFile(rules, bundle("nightfall"));

  const { activities } = await until(
    () => api("/activity?type=security_scan"),
    (page) => page.activities.length > 0,
  );
  const [{ server_name, tool_name, metadata }] = activities;
  deepStrictEqual([server_name, tool_name, metadata.action, metadata.old_verdict, metadata.new_verdict], [
    "s",
    "add",
    "renewed",
    "clean",
    "hold",
  ]);
  const found = await report();
  strictEqual(found.verdict, "hold");
  match(found.rules, /\+one\.[0-9a-f]{12}$/);
  strictEqual((await daemon.cli(["call", "tool", "s:add"])).code, 0);
  const { scans } = await until(
    () => api("/status"),
    ({ scans: { renewed, renewing } }) => !renewing && renewed?.finished_at !== undefined,
  );
  const { rules: version, scanned, worse, worse_accepted: accepted, undecided } = scans.renewed;
  deepStrictEqual([scans.rules, version], [found.rules, found.rules]);
  deepStrictEqual([scanned, worse, accepted, undecided], [3, 1, 1, 1]);
  match((await daemon.cli(["status"])).stdout, /Scans +3 scanned again by rules .* in 1, 1 of them accepted/);
  match(
    (await daemon.cli(["doctor"])).stdout,
    /! scans .* in 1 that agents may still use: s:add\n.*tools approve/,
  );
  // Rules that find no more than these forget nothing, and those that find less again make it good.
  for (const [text, left] of [[bundle("nightfall", "C"), 1], [bundle("nowhere"), 0]] as const) {
    const before = (await api("/status")).scans.rules;
    await Deno.writeTextFile(rules, text);
    const after = await until(
      () => api("/status"),
      ({ scans: { rules, renewing, renewed } }) =>
        rules !== before && !renewing && renewed.rules === rules && renewed.finished_at !== undefined,
    );
    deepStrictEqual([after.scans.renewed.worse, after.scans.renewed.undecided], [0, left]);
  }
  await Deno.writeTextFile(rules, bundle("nightfall"));
  await until(
    () => api("/status"),
    ({ scans: { renewing, renewed } }) =>
      renewed.rules === version && !renewing && renewed.finished_at !== undefined && renewed.undecided === 1,
  );
  strictEqual((await daemon.cli(["tools", "approve", "s:add"])).code, 0);
  strictEqual((await api("/status")).scans.renewed.undecided, 0);
  match((await daemon.cli(["doctor"])).stdout, /✓ scans .* is scanned by rules .*, 3 of it again on/);
  await daemon.seen(/find more than before in 1 accepted of server "s", 1 of which they would hold/);
});
