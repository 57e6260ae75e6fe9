import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Daemon } from "../support/daemon.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";
import { COMMENT, findLeftovers, listServers, make, pickChange, readServers, startVictim } from "./driver.ts";
import { Ledger } from "./ledger.ts";
import { type Chance, createChance, inRound, rounds, SEED } from "./random.ts";
import { printTimes } from "./times.ts";

const WORKERS = 4;

/** Lets the clients that are under way get on by some turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((done) => setTimeout(done, 0));
}

/** Changes servers from several clients at once until the daemon is killed at a moment that chance picks. */
async function loadAndKill(daemon: Daemon, ledger: Ledger, chance: Chance): Promise<void> {
  let left = 1 + chance.below(25);
  const lateTurns = chance.below(6);
  let isDead = false;
  async function kill(): Promise<void> {
    await turns(lateTurns);
    isDead = true;
    await daemon.stop("SIGKILL");
  }
  let killing: Promise<void> | undefined;
  async function work(worker: number): Promise<void> {
    while (!isDead) {
      const change = pickChange(chance, ledger, `w${worker}-${chance.below(3)}`);
      if (--left === 0) killing = kill();
      const response = await make(daemon, ledger, change);
      if (response === undefined) return;
      if (!response.ok) throw new Error(`${change.verb} ${change.name}: ${await response.text()}`);
      await response.body?.cancel();
    }
  }
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
  await killing;
}

async function check(workspace: Workspace, daemon: Daemon, ledger: Ledger): Promise<void> {
  const found = await readServers(workspace);
  deepStrictEqual(ledger.settle(found), []);
  const listed = await listServers(daemon);
  deepStrictEqual(
    [...listed].sort(),
    [...found].map(([name, entry]) => [name, entry?.enabled]).sort(),
    "the daemon has in force what the file says",
  );
  deepStrictEqual(findLeftovers(workspace), []);
  const ready = await fetch(`${daemon.url}/readyz`);
  await ready.body?.cancel();
  strictEqual(ready.status, 200);
}

Deno.test("a daemon that is killed at any moment has kept every change it acknowledged", async () => {
  await using workspace = await openWorkspace();
  await workspace.write(`{\n  ${COMMENT}\n  "listen": "127.0.0.1:0",\n  "mcpServers": []\n}\n`);
  const chance = createChance(SEED);
  const ledger = new Ledger();
  const times: number[] = [];
  const count = rounds({ short: 40, long: 1000 });
  for (let round = 0; round <= count; round++) {
    const startedAt = performance.now();
    await using daemon = await inRound(`start ${round}`, () => startVictim(workspace));
    times.push(performance.now() - startedAt);
    await inRound(`round ${round}`, async () => {
      await check(workspace, daemon, ledger);
      if (round < count) await loadAndKill(daemon, ledger, chance);
    });
  }
  ok(ledger.count > count, `${ledger.count} changes were acknowledged`);
  printTimes(`${count} kills, ${ledger.count} acknowledged changes, 0 lost; restart to ready`, times);
});
