/**
 * Every implementation of the Management contract, for suites that run against
 * each.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import { connectRemote } from "../../lib/client/mod.ts";
import { GatewayError, type Management } from "../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { type Gateway, openGateway } from "../../mod.ts";
import { openWorkspace, reference, waitForStatus, type Workspace } from "../support/workspace.ts";

/** What a case works on: one server, "memory", which is ready. */
export interface Subject {
  readonly management: Management;
  readonly gateway: Gateway;
  readonly workspace: Workspace;
}

/** Cases by what they show. */
export type Suite = Readonly<Record<string, (subject: Subject) => Promise<void>>>;

const IMPLEMENTATIONS: Readonly<Record<string, (gateway: Gateway) => Management>> = {
  "in process": (gateway) => gateway.management,
  "over the socket": ({ socketPath }) =>
    connectRemote(createDenoPlatform(), { kind: "socket", path: socketPath ?? "" }, { version: "test" }),
  "over HTTP": ({ address, apiKey }) =>
    connectRemote(createDenoPlatform(), { kind: "tcp", url: `http://${address}`, apiKey }, {
      version: "test",
    }),
};

/** Matches an error of a code whose message has the words. */
export function failsWith(code: string, words: RegExp): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof GatewayError, `${error}`);
    strictEqual(error.code, code);
    ok(words.test(error.message), error.message);
    ok(error.remedy.length > 0);
    return true;
  };
}

/** Removes the servers "second" and "third", which a case may have left. */
export async function removeExtras({ management }: Subject): Promise<void> {
  for (const extra of ["second", "third"]) {
    await management.request("servers.remove", { name: extra }).catch(() => {}); // left by a step, or not there
  }
}

/**
 * Runs a suite against every implementation, each on a gateway of its own.
 *
 * @param after - What is done after each case.
 */
export function runSuite(
  name: string,
  suite: Suite,
  config: Readonly<Record<string, unknown>> = {},
  after: (subject: Subject) => Promise<void> = () => Promise.resolve(),
): void {
  for (const [kind, connect] of Object.entries(IMPLEMENTATIONS)) {
    Deno.test(`${name} ${kind}`, async (t) => {
      await using workspace = await openWorkspace({ mcpServers: [reference("memory")], ...config });
      await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
      await using management = connect(gateway);
      await waitForStatus(gateway, "memory", "ready");
      for (const [step, test] of Object.entries(suite)) {
        const subject = { management, gateway, workspace };
        await t.step(step, () => test(subject));
        await after(subject);
      }
    });
  }
}
