import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Daemon } from "../support/daemon.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";
import type { Plan } from "./daemon.ts";
import { COMMENT, findLeftovers, make, readServers, startVictim } from "./driver.ts";
import type { Verdict } from "./failpoints.ts";
import { Ledger } from "./ledger.ts";
import { inRound } from "./random.ts";

const DEATHS: readonly Verdict[] = ["die before", "die torn", "die after"];
const CHANGES = [
  { name: "a", verb: "add", word: "one" },
  { name: "b", verb: "add", word: "two" },
  { name: "a", verb: "patch", word: "three" },
  { name: "b", verb: "remove", word: "" },
] as const;

async function openScene(): Promise<Workspace> {
  const workspace = await openWorkspace();
  await workspace.write(`{\n  ${COMMENT}\n  "listen": "127.0.0.1:0",\n  "mcpServers": []\n}\n`);
  return workspace;
}

/** The first start on an empty directory, some changes, and the end. @returns Whether it lived to the end. */
async function live(workspace: Workspace, ledger: Ledger, plan?: Plan, trace?: string): Promise<boolean> {
  let daemon: Daemon;
  try {
    daemon = await startVictim(workspace, { plan, trace });
  } catch {
    return false;
  }
  await using running = daemon;
  for (const change of CHANGES) {
    const response = await make(running, ledger, change);
    if (response === undefined) return false;
    await response.body?.cancel();
  }
  return (await running.stop("SIGTERM")).code === 0;
}

/** The names of all durable operations of one whole life. */
async function traceLife(): Promise<string[]> {
  await using workspace = await openScene();
  const trace = join(workspace.directory, "trace");
  ok(await live(workspace, new Ledger(), undefined, trace));
  return (await Deno.readTextFile(trace)).trim().split("\n");
}

async function dieAndRise(plan: Plan): Promise<boolean> {
  await using workspace = await openScene();
  const ledger = new Ledger();
  const isWhole = await live(workspace, ledger, plan);
  await using _daemon = await startVictim(workspace);
  deepStrictEqual(ledger.settle(await readServers(workspace)), []);
  deepStrictEqual(findLeftovers(workspace), []);
  return isWhole;
}

Deno.test("a daemon that dies at any durable operation of its life loses nothing and starts again", async () => {
  const names = await traceLife();
  const plans = names.flatMap((_name, index) => DEATHS.map((verdict) => ({ at: index + 1, verdict })));
  const isLong = Deno.env.get("CHAOS") === "long";
  // In the short run each operation is met by one of the three deaths, in the long one by all.
  const chosen = isLong ? plans : plans.filter((_plan, index) => index % 3 === Math.floor(index / 3) % 3);
  let survived = 0;
  const queue = [...chosen];
  async function work(): Promise<void> {
    for (let plan = queue.shift(); plan !== undefined; plan = queue.shift()) {
      const { verdict, at } = plan;
      const isWhole = await inRound(
        `${verdict} operation ${at}, ${names[at - 1]}`,
        () => dieAndRise({ at, verdict }),
      );
      if (isWhole) survived++;
    }
  }
  await Promise.all([work(), work(), work()]);
  ok(names.length > 10, names.join("\n"));
  // Chance may order the last operations otherwise, so that one is not met.
  ok(survived <= chosen.length / 4, `${survived} of ${chosen.length} daemons did not die`);
  strictEqual(names.filter((name) => name.startsWith("replaceText config.json")).length, CHANGES.length);
  console.log(`${chosen.length} deaths at ${names.length} durable operations, 0 changes lost`);
});
