import { join } from "node:path";
import type { ToolDefinition } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { openStorage } from "../../../lib/storage/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { noise } from "../../support/noise.ts";

/** How the database is to fail: every transaction after the first `failAfter`, with that message. */
interface Faults {
  message: string | undefined;
  commits: number;
  failAfter: number;
  openMessage: string | undefined;
  renameMessage: string | undefined;
  /** Holds every transaction back until it resolves. */
  hang: Promise<void> | undefined;
}

/** A temporary directory, a clock that stands still, and a database that can be told to fail. */
export async function openFixture() {
  const directory = await Deno.makeTempDir();
  const path = join(directory, "data", "mcpproxy.db");
  const notices: string[] = [];
  const faults: Faults = {
    message: undefined,
    commits: 0,
    failAfter: 0,
    openMessage: undefined,
    renameMessage: undefined,
    hang: undefined,
  };
  const clock = createManualClock();
  const real = createDenoPlatform();
  const platform = {
    ...real,
    clock,
    files: {
      ...real.files,
      rename: (from: string, to: string) =>
        faults.renameMessage === undefined
          ? real.files.rename(from, to)
          : Promise.reject(new Error(faults.renameMessage)),
    },
    keyValues: {
      ...real.keyValues,
      async open(at: string) {
        if (faults.openMessage !== undefined) throw new TypeError(faults.openMessage);
        const kv = await real.keyValues.open(at);
        // A file that is being made has another name; only the finished one is to fail.
        return at === path ? withFaults(kv, faults) : kv;
      },
    },
  };
  return {
    path,
    notices,
    faults,
    clock,
    open: () => openStorage(platform, { path, onNotice: (text) => notices.push(text) }),
    names: () => [...Deno.readDirSync(join(directory, "data"))].map(({ name }) => name).sort(),
    async [Symbol.asyncDispose]() {
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** A tool with a description of that many characters, which does not get shorter. */
export function tool(name: string, length = 10): ToolDefinition {
  return { name, description: noise(length), inputSchema: { type: "object" } };
}

/** Gives whatever is under way some turns to get on. */
export async function turns(count = 10): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((done) => setTimeout(done, 0));
}

/** Lets writes on their way reach the database. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5000 && !condition(); turn++) await new Promise((done) => setTimeout(done, 0));
  if (!condition()) throw new Error("Cannot go on: the condition did not come true");
}

function withFaults(kv: Deno.Kv, faults: Faults): Deno.Kv {
  return new Proxy(kv, {
    get(target, property) {
      const member = Reflect.get(target, property);
      if (typeof member !== "function") return member;
      if (property === "set" && faults.message !== undefined && faults.failAfter === 0) {
        return () => {
          faults.commits++;
          return Promise.reject(new TypeError(faults.message));
        };
      }
      if (property !== "atomic") return member.bind(target);
      return () => {
        const transaction = target.atomic();
        const commit = transaction.commit.bind(transaction);
        transaction.commit = () => {
          faults.commits++;
          if (faults.message !== undefined && faults.commits > faults.failAfter) {
            return Promise.reject(new TypeError(faults.message));
          }
          return faults.hang === undefined ? commit() : faults.hang.then(commit);
        };
        return transaction;
      };
    },
  });
}
