/**
 * A gateway with a server, a disk that fills up, and what has to hold then.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type Gateway, openGateway } from "../../mod.ts";
import { createDenoPlatform, type Platform } from "../../lib/platform/mod.ts";
import { openStorage } from "../../lib/storage/mod.ts";
import { mcpServerCommand } from "../support/fixtures/mcp_server.ts";
import { waitForStatus, type Workspace } from "../support/workspace.ts";
import { COMMENT, findLeftovers, make, pickChange, readServers, type Target } from "./driver.ts";
import { Ledger } from "./ledger.ts";
import type { Chance } from "./random.ts";

/**
 * Waits of up to ten seconds pass in a tenth of their time, so that a writer
 * soon tries again or gives up; standard error goes to `complaints`.
 */
export function hasten(platform: Platform, complaints: string[] = []): Platform {
  const { clock } = platform;
  const after = (delayMs: number, callback: () => void) =>
    clock.after(delayMs <= 10_000 ? delayMs / 10 : delayMs, callback);
  const stderr = { write: (text: string) => void complaints.push(text) };
  return { ...platform, clock: { ...clock, after }, stderr };
}

/** A disk that fills up and is emptied again. */
export interface Disk {
  fill(): void | Promise<void>;
  free(): void | Promise<void>;
}

/** A gateway and what was done with it. */
export interface Scene {
  readonly workspace: Workspace;
  readonly gateway: Gateway;
  readonly target: Target;
  readonly ledger: Ledger;
  readonly notices: readonly string[];
  /** What the gateway wrote to standard error. */
  readonly complaints: readonly string[];
  calls: number;
}

const echo = { name: "echo", ...mcpServerCommand(), quarantined: false };

/** Writes a config with one server and a comment. */
export async function writeConfig(workspace: Workspace): Promise<void> {
  const servers = JSON.stringify([echo]);
  await workspace.write(`{\n  ${COMMENT}\n  "listen": "127.0.0.1:0",\n  "mcpServers": ${servers}\n}\n`);
}

/** Resolves once the storage is as wanted. */
export async function waitForStorage({ gateway }: Scene, level: "healthy" | "degraded"): Promise<string> {
  const startedAt = performance.now();
  // A guard against a hang, not a pace.
  while (performance.now() - startedAt < 40_000) {
    const { storage } = await gateway.management.request("status.get", {});
    if (storage?.level === level) return `${storage.summary} → ${storage.remedy}`;
    await new Promise((done) => setTimeout(done, 5));
  }
  throw new Error(`The storage did not become ${level}`);
}

/** Calls go on whatever the disk does. */
export async function call(scene: Scene): Promise<void> {
  const { gateway } = scene;
  const result = await gateway.management.request("calls.call", {
    tool_name: "echo:echo",
    arguments: { message: "hi" },
  });
  scene.calls++;
  ok(result.isError !== true, JSON.stringify(result));
  const { results } = await gateway.management.request("tools.search", { q: "echo" });
  ok(results.length > 0, "search goes on");
}

/** Asks for changes of which some must fail; every failure has a code and says what to do. */
export async function change({ target, ledger }: Scene, chance: Chance): Promise<number> {
  let refused = 0;
  for (let count = 0; count < 3; count++) {
    const wanted = pickChange(chance, ledger, `w${chance.below(4)}`);
    const response = await make(target, ledger, wanted);
    ok(response !== undefined);
    const answer = await response.json();
    if (response.ok) continue;
    refused++;
    deepStrictEqual([response.status, answer.code], [507, "MCPX_DISK_FULL"], JSON.stringify(answer));
    match(answer.error, /^Cannot write config ".*": the disk is full$/);
    match(answer.remedy, /^Free space/);
  }
  return refused;
}

/** Compares the config file with what was acknowledged. */
export async function checkKept({ workspace, ledger }: Scene): Promise<void> {
  const found = await readServers(workspace);
  found.delete("echo");
  deepStrictEqual(ledger.settle(found), []);
  // The index of the tools may be on its way to the disk just then.
  deepStrictEqual(findLeftovers(workspace).filter((name) => !name.startsWith("search.index.tmp.")), []);
}

/** One time a full disk, from the first refusal to the recovery. @returns Changes that were refused. */
export async function fillAndFree(scene: Scene, disk: Disk, chance: Chance): Promise<number> {
  await disk.fill();
  const refused = await change(scene, chance);
  await call(scene);
  match(await waitForStorage(scene, "degraded"), /Cannot save changes: .*full → Free space/);
  const { degraded } = await (await fetch(`${scene.target.url}/readyz`)).json();
  // The records of calls have a file of their own on the same disk; they may not have met it yet.
  deepStrictEqual(degraded.filter((name: string) => name !== "activity"), ["storage"]);
  await disk.free();
  await waitForStorage(scene, "healthy");
  await checkKept(scene);
  strictEqual(await change(scene, chance), 0, "changes work again");
  return refused;
}

/** Opens a gateway and waits for its server. */
export async function openScene(workspace: Workspace, platform: Platform): Promise<Scene & AsyncDisposable> {
  const notices: string[] = [];
  const complaints: string[] = [];
  const gateway = await openGateway({
    platform: hasten(platform, complaints),
    config: workspace.config,
    dataDir: workspace.dataDir,
    onNotice: (text) => notices.push(text),
  });
  await waitForStatus(gateway, "echo", "ready");
  const target = { url: new URL(gateway.mcpUrl).origin, apiKey: gateway.apiKey };
  return {
    workspace,
    gateway,
    target,
    ledger: new Ledger(),
    notices,
    complaints,
    calls: 0,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

/** The calls that the database of a closed gateway has counted. */
export async function countCalls({ dataDir }: Workspace): Promise<number> {
  const path = join(dataDir, "mcpproxy.db");
  await using storage = await openStorage(createDenoPlatform(), { path, onNotice: () => {} });
  return storage.statistics.get("echo", "echo").count;
}
