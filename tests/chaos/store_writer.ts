/**
 * Writes into a storage for as long as it lives. A line on standard output
 * says what was asked for, another what was acknowledged.
 *
 * @module
 */

import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { openStorage } from "../../lib/storage/mod.ts";
import { noise } from "../support/noise.ts";
import type { ToolDefinition } from "../../lib/contracts/mod.ts";

const [path = "", first = "0"] = Deno.args;
const encoder = new TextEncoder();
const say = (line: string) => Deno.stdout.writeSync(encoder.encode(`${line}\n`));

const storage = await openStorage(createDenoPlatform(), { path, onNotice: (text) => say(`notice ${text}`) });
say("open");

async function writeMeta(writer: number): Promise<void> {
  for (let value = Number(first); value < Number(first) + 1_000_000; value++) {
    const key = `${writer}-${value % 5}`;
    say(`ask ${key} ${value}`);
    await storage.meta.set(key, { value, text: "x".repeat((value * 7919) % 20_000) });
    say(`done ${key} ${value}`);
  }
}

/** Lists so long that they take several transactions. */
async function writeLists(): Promise<void> {
  for (let value = Number(first); value < Number(first) + 1_000_000; value++) {
    const description = noise((value * 104_729) % 300_000);
    const tools: ToolDefinition[] = [{ name: `${value}`, description, inputSchema: { type: "object" } }];
    say(`ask list ${value}`);
    storage.catalogue.save({ server: "list", fingerprint: "f", tools, listedAt: value });
    await storage.flush();
    say(`done list ${value}`);
  }
}

await Promise.all([writeMeta(0), writeMeta(1), writeMeta(2), writeLists()]);
