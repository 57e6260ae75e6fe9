import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type CliResult, runCli, type RunningProgram, startCli } from "../support/daemon.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";
import { inRound, rounds } from "./random.ts";

const SERVING = /^MCP\s+http/m;

/** Waits for a daemon to serve or to give up. */
async function settle(program: RunningProgram): Promise<CliResult | "serving"> {
  const serving = program.seen(SERVING).then(() => "serving" as const);
  serving.catch(() => {}); // it ended, which the other side of the race tells
  return await Promise.race([serving, program.ended]);
}

Deno.test("of many daemons started at once on one data directory exactly one serves", async () => {
  await using workspace = await openWorkspace();
  const programs = Array.from(
    { length: rounds({ short: 6, long: 50 }) },
    () => startCli(workspace, ["serve"]),
  );
  const results = await Promise.all(programs.map(settle));
  const serving = programs.filter((_program, index) => results[index] === "serving");
  try {
    strictEqual(serving.length, 1);
    for (const result of results) {
      if (result === "serving") continue;
      strictEqual(result.code, 3, result.stderr);
      match(
        result.stderr,
        /Cannot use data directory ".*": (?:another mcpproxy|mcpproxy with process id \d+) uses it/,
      );
    }
  } finally {
    await Promise.all(programs.map((program) => program.stop("SIGKILL")));
  }
  // The lock of a dead daemon holds nobody up, whatever process id it names.
  Deno.writeTextFileSync(join(workspace.dataDir, "mcpproxy.lock"), `{"pid":${Deno.pid}}`);
  await using next = startCli(workspace, ["serve"]);
  strictEqual(await settle(next), "serving");
  const second = await runCli(workspace, ["serve"]);
  strictEqual(second.code, 3);
  match(second.stderr, new RegExp(`mcpproxy with process id ${next.pid} uses it`));
});

interface Place {
  readonly name: string;
  readonly args?: (workspace: Workspace) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly prepare?: (workspace: Workspace) => void | Promise<void>;
  /** Exit code and words; absent if it has to serve. */
  readonly refusal?: { readonly code: number; readonly words: RegExp };
}

const ours = ({ config, dataDir }: Workspace) => ["--config", config, "--data-dir", dataDir];

const PLACES: readonly Place[] = [
  { name: "no home, both places given", args: ours, env: { HOME: "" } },
  {
    name: "a home that cannot be made",
    args: () => [],
    env: { HOME: "/proc/nowhere" },
    refusal: { code: 5, words: /Cannot write config/ },
  },
  {
    name: "a data directory that is a file",
    args: ours,
    prepare: ({ dataDir }) => Deno.writeTextFileSync(dataDir, ""),
    refusal: { code: 5, words: /Cannot use data directory/ },
  },
  {
    name: "a data directory open to others",
    args: ours,
    prepare: ({ dataDir }) => Deno.mkdirSync(dataDir, { mode: 0o755 }),
    refusal: { code: 5, words: /its mode is 0755, wanted 0700/ },
  },
  {
    name: "a link to a data directory",
    args: ({ config, directory }) => ["--config", config, "--data-dir", join(directory, "link")],
    prepare({ dataDir, directory }) {
      Deno.mkdirSync(dataDir, { mode: 0o700 });
      Deno.symlinkSync(dataDir, join(directory, "link"));
    },
    refusal: { code: 5, words: /it is a link, wanted a directory[^]*realpath/ },
  },
  {
    name: "a database that is a directory",
    args: ours,
    prepare: ({ dataDir }) => Deno.mkdirSync(join(dataDir, "mcpproxy.db"), { recursive: true, mode: 0o700 }),
    refusal: { code: 5, words: /Cannot open database ".*": a directory is in its place/ },
  },
  {
    name: "a database of a newer version",
    args: ours,
    async prepare({ dataDir }) {
      Deno.mkdirSync(dataDir, { mode: 0o700 });
      const kv = await Deno.openKv(join(dataDir, "mcpproxy.db"));
      await kv.set(["schema"], 99);
      kv.close();
    },
    refusal: { code: 3, words: /its schema is 99, this version reads up to \d+[^]*Update mcpproxy/ },
  },
  {
    name: "a damaged database",
    args: ours,
    prepare({ dataDir }) {
      Deno.mkdirSync(dataDir, { mode: 0o700 });
      Deno.writeTextFileSync(join(dataDir, "mcpproxy.db"), "rubbish".repeat(2_000));
    },
  },
];

async function serveAt({ args, env, prepare, refusal }: Place): Promise<void> {
  await using workspace = await openWorkspace();
  await prepare?.(workspace);
  await using program = startCli(workspace, [...args?.(workspace) ?? [], "serve"], { bare: true, env });
  const result = await settle(program);
  if (refusal === undefined) return strictEqual(result, "serving", JSON.stringify(result));
  ok(result !== "serving");
  match(result.stderr, refusal.words);
  strictEqual(result.code, refusal.code, result.stderr);
  ok(!/at file:|MCPX_INTERNAL|Uncaught/.test(result.stderr), result.stderr);
}

for (const place of PLACES) {
  Deno.test(`serve on ${place.name} ${place.refusal === undefined ? "works" : "says what is wrong"}`, () =>
    inRound(place.name, () => serveAt(place)));
}

Deno.test("serve on a read-only disk says what is wrong", async () => {
  await using workspace = await openWorkspace();
  const mount = (...args: readonly string[]) =>
    new Deno.Command("mount", { args: [...args], stdout: "null", stderr: "null" }).output();
  Deno.mkdirSync(workspace.dataDir, { mode: 0o700 });
  const isLinux = Deno.build.os === "linux";
  if (
    !isLinux ||
    !(await mount("-t", "tmpfs", "-o", "ro,size=1m,mode=0700", "mcpproxy-chaos", workspace.dataDir)).success
  ) {
    return console.log(
      "Not run: a read-only disk cannot be mounted here, which takes Linux and the right to mount",
    );
  }
  try {
    const { code, stderr } = await runCli(workspace, ["serve"]);
    match(stderr, /Cannot use data directory ".*": it cannot be written/);
    deepStrictEqual(code, 5);
  } finally {
    await new Deno.Command("umount", { args: [workspace.dataDir] }).output();
  }
});

Deno.test("status names a damaged database until its file is removed", async () => {
  await using workspace = await openWorkspace();
  await startAndStop(workspace);
  Deno.writeTextFileSync(join(workspace.dataDir, "mcpproxy.db"), "rubbish".repeat(2_000));
  await startAndStop(workspace, async () => {
    const { stdout } = await runCli(workspace, ["status"]);
    match(
      stdout,
      /^Storage +Database ".*" was found damaged at \d{4}-.* → Approve again .* remove .*corrupt-\d+/m,
    );
    match(Deno.readTextFileSync(join(workspace.dataDir, "logs", "main.log")), /storage notice.*is damaged/);
  });
  for (const { name } of Deno.readDirSync(workspace.dataDir)) {
    if (name.includes(".corrupt-")) Deno.removeSync(join(workspace.dataDir, name));
  }
  await startAndStop(workspace, async () => {
    const { stdout } = await runCli(workspace, ["status"]);
    ok(!/^Storage/m.test(stdout), stdout);
  });
});

async function startAndStop(workspace: Workspace, use?: () => Promise<void>): Promise<void> {
  await using program = startCli(workspace, ["serve"]);
  strictEqual(await settle(program), "serving");
  await use?.();
}
