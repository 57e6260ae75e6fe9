import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type Daemon, running, startDaemon } from "../support/daemon.ts";
import { openWorkspace, reference, type Workspace } from "../support/workspace.ts";

/** Nothing but its own beginning tells it apart, so that no pattern of a credential finds it. */
const canary = (slot: string, index: number) => `cnry${slot}x${index}zq`;
const CANARY = /cnry[a-z]+x\d+zq/g;
const EACH = 8;
const SLOTS = ["env", "kept", "header", "query", "oauth"] as const;
const OPERATIONS = 200;

/** Five slots with eight canaries each; the last server listens nowhere and so has much to complain about. */
function entries(workspace: Workspace) {
  const { args, env, ...program } = reference("memory");
  const of = (slot: string, make: (value: string, index: number) => Record<string, unknown>) =>
    Array.from({ length: EACH }, (_, index) => make(canary(slot, index), index));
  const web = (name: string, more: Record<string, unknown>) => ({
    name,
    url: "http://127.0.0.1:9/mcp",
    quarantined: false,
    ...more,
  });
  return [
    {
      ...program,
      name: "program",
      command: "sh",
      // It says all it was given, as careless programs do.
      args: ["-c", 'env >&2; exec node "$0"', ...(args as string[])],
      env: {
        ...(env as Record<string, string>),
        ...Object.fromEntries(
          of("env", (value, index) => ({ [`API_TOKEN_${index}`]: value })).flatMap(Object.entries),
        ),
        ...Object.fromEntries(
          Array.from({ length: EACH }, (_, index) => [`KEPT_${index}`, `\${keyring:kept${index}}`]),
        ),
      },
      working_dir: workspace.directory,
    },
    reference("memory", { entry: { name: "bystander" } }),
    ...of(
      "header",
      (value, index) => web(`header${index}`, { headers: { Authorization: `Bearer ${value}` } }),
    ),
    ...of(
      "query",
      (value, index) => web(`query${index}`, { url: `http://127.0.0.1:9/mcp?api_key=${value}` }),
    ),
    ...of(
      "oauth",
      (value, index) => web(`oauth${index}`, { oauth: { client_id: "me", client_secret: value } }),
    ),
  ];
}

/** What clients do, well and badly; each answer is read. */
const REQUESTS: readonly (readonly [method: string, path: string, body?: unknown])[] = [
  ["GET", "/servers"],
  ["GET", "/servers/program"],
  ["GET", "/servers/query1"],
  ["GET", "/servers/program/logs?tail=1000"],
  ["GET", "/servers/header2/logs"],
  ["GET", "/config"],
  ["GET", "/config?view=effective"],
  ["GET", "/secrets"],
  ["GET", "/diagnostics"],
  ["GET", "/activity"],
  ["GET", "/status"],
  ["GET", "/tools"],
  ["GET", "/nowhere"],
  ["PATCH", "/servers/program", { env: { LEVEL: 7 } }],
  ["PATCH", "/servers/oauth3", { oauth: "wrong" }],
  ["PATCH", "/servers/header4", { headers: { "X-Other": "1" } }],
  ["POST", "/servers/query5/restart"],
  ["POST", "/servers/header6/restart"],
  ["POST", "/tools/call", { tool_name: "query7:any", arguments: {} }],
  ["POST", "/tools/call", { tool_name: "program:read_graph", arguments: {} }],
  ["POST", "/secrets/migrate", {}],
  ["POST", "/secrets", { name: "kept0", value: canary("kept", 0) }],
  ["POST", "/secrets", { name: "no name", value: canary("kept", 1) }],
  ["POST", "/secrets", { name: "kept2", value: canary("kept", 2), kind: "?" }],
  ["DELETE", "/secrets/none"],
];

async function ask(daemon: Daemon, [method, path, body]: (typeof REQUESTS)[number]): Promise<string> {
  const headers = { "x-api-key": daemon.apiKey, "content-type": "application/json" };
  const answer = await fetch(`${daemon.url}/api/v1${path}`, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return await answer.text();
}

function hits(where: string, text: string): string[] {
  return [...new Set(text.match(CANARY))].map((found) => `${where}: ${found}`);
}

/** All files of a directory, read as they lie there. */
async function inFiles(directory: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(directory)) {
    const path = join(directory, name);
    if (isDirectory) found.push(...await inFiles(path));
    else if (isFile) found.push(...hits(name, new TextDecoder("latin1").decode(await Deno.readFile(path))));
  }
  return found;
}

async function inProcesses(workspace: Workspace): Promise<string[]> {
  const read = (pid: number, name: string) => Deno.readTextFile(`/proc/${pid}/${name}`).catch(() => "");
  const found: string[] = [];
  for (const pid of await running(workspace)) {
    found.push(...hits("arguments", await read(pid, "cmdline")));
    const environment = await read(pid, "environ");
    if (!environment.includes("API_TOKEN_0=")) found.push(...hits("environment", environment));
  }
  return found;
}

Deno.test("40 secrets in every slot show nowhere, whatever is asked", async () => {
  await using workspace = await openWorkspace();
  await workspace.write({
    listen: "127.0.0.1:0",
    logging: { level: "trace" },
    mcpServers: entries(workspace),
  });
  await using daemon = await startDaemon(workspace, [], { env: { MCPPROXY_SECRET_STORE: "file" } });
  const stop = new AbortController();
  const news: string[] = [];
  const events = await fetch(`${daemon.url}/events`, {
    headers: { "x-api-key": daemon.apiKey },
    signal: stop.signal,
  });
  const following = (async () => {
    for await (const chunk of events.body ?? []) news.push(new TextDecoder().decode(chunk));
  })().catch(() => {});

  const answers: string[] = [];
  for (let index = 0; index < EACH; index++) {
    const body = { name: `kept${index}`, value: canary("kept", index) };
    answers.push(await ask(daemon, ["POST", "/secrets", body]));
  }
  for (let count = answers.length; count < OPERATIONS; count++) {
    const request = REQUESTS[count % REQUESTS.length];
    if (request !== undefined) answers.push(await ask(daemon, request));
  }
  const shown = await Promise.all([
    daemon.cli(["upstream", "logs", "program"]),
    daemon.cli(["upstream", "list"]),
    daemon.cli(["secrets", "list"]),
  ]);
  const seen = await inProcesses(workspace);
  stop.abort();
  await following;
  const { stdout, stderr } = await daemon.stop();

  strictEqual(SLOTS.length * EACH, 40);
  strictEqual(answers.length, OPERATIONS);
  ok(
    news.join("").length > 100 && answers.join("").includes("API_TOKEN_0"),
    "there is something to look through",
  );
  deepStrictEqual([
    ...hits("answer", answers.join("\n")),
    ...hits("command line", JSON.stringify(shown)),
    ...hits("event", news.join("")),
    ...hits("output", stdout + stderr),
    ...seen,
    ...await inFiles(workspace.dataDir),
  ], []);
});
