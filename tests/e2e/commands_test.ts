import { deepStrictEqual } from "node:assert/strict";
import { join } from "node:path";
import { COMMAND_VERBS } from "../../lib/contracts/mod.ts";
import { runMain } from "../support/cli_in_process.ts";
import { startDaemon } from "../support/daemon.ts";
import { openWorkspace, reference, type Workspace } from "../support/workspace.ts";
import { type Ask, COMMAND_ROWS, differenceOf, type Expected, LASTING, type Row } from "./commands_table.ts";

const REGISTRY = {
  servers: [{
    server: {
      name: "weather",
      description: "Tells the weather",
      packages: [{
        registryType: "npm",
        identifier: "weather",
        version: "1.0.0",
        transport: { type: "stdio" },
      }],
    },
  }],
};
/** Secrets in a file, and an editor that changes nothing. */
const SURROUNDINGS = { env: { MCPPROXY_SECRET_STORE: "file", EDITOR: "true" } };

/** Tells whether a row runs a command; of a function only its text can be looked at. */
function isRowOf(command: string, { words }: Row): boolean {
  const typed = typeof words === "string" ? words : /`([^`]*)/.exec(words.toString())?.[1] ?? "";
  return `${typed} `.startsWith(`${command} `);
}

async function openScene(): Promise<Workspace> {
  const workspace = await openWorkspace({ mcpServers: [reference("memory")] });
  await Deno.writeTextFile(join(workspace.directory, "list.json"), JSON.stringify(REGISTRY));
  return workspace;
}

/** Runs every row in its order. @returns What is not as it should be. */
async function runRows(workspace: Workspace, expectedOf: (row: Row) => Expected): Promise<string[]> {
  const ask: Ask = async (...words) =>
    JSON.parse((await runMain(workspace, ["-o", "json", ...words], SURROUNDINGS)).stdout);
  const wrong: string[] = [];
  for (const row of COMMAND_ROWS) {
    const words = typeof row.words === "string" ? row.words : await row.words(ask);
    const result = await runMain(workspace, words.split(" "), { ...SURROUNDINGS, stdin: row.stdin });
    const difference = differenceOf(result, expectedOf(row));
    if (difference !== undefined) wrong.push(`${words}: ${difference}`);
  }
  return wrong;
}

Deno.test("every command has a row that runs it with a daemon and without", async () => {
  const missing: string[] = [];
  for (const command of Object.keys(COMMAND_VERBS)) {
    const lasting = LASTING[command];
    const isRun = lasting === undefined
      ? COMMAND_ROWS.some((row) => isRowOf(command, row))
      : (await Deno.readTextFile(new URL(lasting.file, import.meta.url))).includes(lasting.words);
    if (!isRun) missing.push(command);
  }
  deepStrictEqual(missing, []);
});

Deno.test("every command does with a daemon what its row says", async () => {
  await using workspace = await openScene();
  await using daemon = await startDaemon(workspace, [], SURROUNDINGS);
  await daemon.seen(/memory +Connected/);

  deepStrictEqual(await runRows(workspace, ({ daemon }) => daemon), []);
});

Deno.test("every command does without a daemon what its row says", async () => {
  await using workspace = await openScene();

  deepStrictEqual(await runRows(workspace, ({ daemon, alone = daemon }) => alone), []);
});
