import {
  ConfigSchema,
  type ServerConfigInput,
  ServerConfigSchema,
  type ToolDefinition,
} from "../../../lib/contracts/mod.ts";
import type { Trust } from "../../../lib/runtime/mod.ts";
import { openTrust } from "../../../lib/runtime/trust/trust.ts";
import type { TrustOptions } from "../../../lib/runtime/trust/trust_types.ts";
import type { Scanner } from "../../../lib/security/mod.ts";
import type { Storage } from "../../../lib/storage/mod.ts";
import { createApprovalStore } from "../../support/trust.ts";

/** Holds definitions whose description says so, after some turns of the loop. */
const scanner: Pick<Scanner, "scan" | "rules"> = {
  rules: "test",
  async scan(subjects) {
    await new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
    const definitions = subjects.map(({ kind, definition }) => {
      const verdict = String(definition.description).includes("evil") ? "hold" as const : "clean" as const;
      return { kind, name: String(definition.name), verdict, score: 0, complete: true, findings: [] };
    });
    return { rules: "test", verdict: "clean", complete: true, definitions };
  },
};

export const tool = (name: string, form: number | string): ToolDefinition => ({
  name,
  description: `does ${form}`,
  inputSchema: { type: "object" },
});

/** A machine on which every step takes longer than a turn of the loop may. */
export const SLOW: WorldOptions["clock"] = (() => {
  let now = 0;
  return {
    monotonic: () => now += 100,
    after(_delayMs, callback) {
      queueMicrotask(() => queueMicrotask(callback));
      return { [Symbol.dispose]: () => {} };
    },
  };
})();

export interface WorldOptions {
  readonly server?: Partial<ServerConfigInput>;
  readonly replacedAt?: number;
  readonly approvals?: Storage["approvals"];
  readonly clock?: TrustOptions["clock"];
  readonly rules?: Pick<Scanner, "scan" | "rules">;
}

export function open(
  books: Map<string, string>,
  { server = {}, replacedAt, approvals, clock, rules = scanner }: WorldOptions = {},
) {
  const entry = ServerConfigSchema.parse({ name: "s", command: "x", quarantined: false, ...server });
  const config = ConfigSchema.parse({ mcpServers: [entry] });
  const trust = openTrust({
    storage: { approvals: approvals ?? createApprovalStore(books), replacedAt },
    scanner: rules,
    config: () => config,
    log: { warn: () => {}, error: () => {} },
    now: () => 1,
    clock,
  });
  return { trust, entry };
}

export const status = (trust: Trust, name: string) => trust.find("s", "tool", name)?.record.status;
export const accepts = (trust: Trust, definition: ToolDefinition) =>
  trust.isAccepted("s", "tool", definition.name, definition);
