import { join } from "node:path";
import { type Activity, type ActivityLimits, openActivity } from "../../../lib/activity/mod.ts";
import type { ActivityEntry, ActivityFilter } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

/** How the file is to fail, and what is asked of it. */
interface Faults {
  openMessage: string | undefined;
  /** Every transaction fails with that message. */
  message: string | undefined;
  /** Holds every transaction back until it resolves. */
  hang: Promise<void> | undefined;
  /** How many transactions are still to succeed when `message` is set. */
  succeed: number;
  commits: number;
  /** Values read so far. */
  reads: number;
}

export const LIMITS: ActivityLimits = {
  retentionDays: 90,
  maxRecords: 100_000,
  maxSizeMb: 256,
  maxPayloadBytes: 65_536,
  cleanupMinutes: 60,
};

/** A temporary directory, a clock that stands still, and a file that can be told to fail. */
export async function openFixture() {
  const directory = await Deno.makeTempDir();
  const path = join(directory, "data", "activity.kv");
  const notices: string[] = [];
  const limits: { current: ActivityLimits } = { current: LIMITS };
  const faults: Faults = {
    openMessage: undefined,
    message: undefined,
    hang: undefined,
    succeed: 0,
    commits: 0,
    reads: 0,
  };
  const clock = createManualClock();
  const real = createDenoPlatform();
  const platform = {
    ...real,
    clock,
    keyValues: {
      ...real.keyValues,
      async open(at: string) {
        if (faults.openMessage !== undefined) throw new TypeError(faults.openMessage);
        const kv = await real.keyValues.open(at);
        return at === path ? withFaults(kv, faults) : kv;
      },
    },
  };
  return {
    path,
    notices,
    faults,
    clock,
    limits,
    open: (): Activity =>
      openActivity({
        platform,
        path,
        redact: (text) => text.replaceAll("hunter2", "***"),
        limits: () => limits.current,
        onNotice: (text) => notices.push(text),
      }),
    names: () => [...Deno.readDirSync(join(directory, "data"))].map(({ name }) => name).sort(),
    /** Everything in the file, as the program itself would see it. */
    async dump() {
      const kv = await real.keyValues.open(path);
      try {
        return await Array.fromAsync(kv.list({ prefix: [] }), ({ key, value }) => ({ key, value }));
      } finally {
        kv.close();
      }
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** A call of a tool. */
export function call(tool: string, more: Partial<ActivityEntry> = {}): ActivityEntry {
  return { type: "tool_call", status: "success", source: "mcp", server_name: "s", tool_name: tool, ...more };
}

/** Gives whatever is under way turns to get on until something holds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000 && !condition(); turn++) await new Promise((done) => setTimeout(done, 0));
  if (!condition()) throw new Error("Cannot go on: the condition did not come true");
}

/** Some turns, for something that must not happen. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((done) => setTimeout(done, 0));
}

function withFaults(kv: Deno.Kv, faults: Faults): Deno.Kv {
  return new Proxy(kv, {
    get(target, property) {
      const member = Reflect.get(target, property);
      if (typeof member !== "function") return member;
      if (property === "getMany") {
        return (keys: Deno.KvKey[]) => {
          faults.reads += keys.length;
          return target.getMany(keys);
        };
      }
      if (property !== "atomic") return member.bind(target);
      return () => withFailingCommit(target.atomic(), faults);
    },
  });
}

function withFailingCommit(transaction: Deno.AtomicOperation, faults: Faults): Deno.AtomicOperation {
  const commit = transaction.commit.bind(transaction);
  transaction.commit = () => {
    faults.commits++;
    if (faults.message !== undefined && faults.succeed-- <= 0) {
      return Promise.reject(new TypeError(faults.message));
    }
    return faults.hang === undefined ? commit() : faults.hang.then(commit);
  };
  return transaction;
}

/** The tools of the newest records, newest first. */
export async function tools(activity: Activity, filter: ActivityFilter = {}): Promise<string[]> {
  const { activities } = await activity.query(filter, { limit: 100 });
  return activities.map(({ tool_name }) => tool_name ?? "");
}

/** How many records share a value. */
export function recordsIn(value: unknown): number {
  if (!(value instanceof Uint8Array)) throw new TypeError("Cannot count records: the value is no bytes");
  return JSON.parse(new TextDecoder().decode(value).split("\n")[0] ?? "").length;
}
