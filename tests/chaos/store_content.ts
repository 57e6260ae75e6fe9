/**
 * A storage with something in it, and a program that fills one and then either
 * closes it or is killed over it: `store_content.ts PATH close|kill`.
 *
 * @module
 */

import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { openStorage } from "../../lib/storage/mod.ts";
import { noise } from "../support/noise.ts";

/** What a person has agreed to, and what not. */
export const CONSENTS: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from(
    { length: 40 },
    (_, number) => [`consent-${number}`, number % 2 === 0 ? "approved" : "withheld"],
  ),
);
export const LISTS = 30;
export const TOOLS = 300;

async function fill(path: string): Promise<AsyncDisposable> {
  const storage = await openStorage(createDenoPlatform(), {
    path,
    onNotice(text) {
      throw new Error(text);
    },
  });
  for (let number = 0; number < LISTS; number++) {
    const description = noise(number * 2_500); // the longest take several parts
    const tools = [{ name: "tool", description, inputSchema: { type: "object" as const } }];
    storage.catalogue.save({ server: `s${number}`, fingerprint: "f", tools, listedAt: 1 });
  }
  for (let number = 0; number < TOOLS; number++) storage.statistics.record("s", `tool-${number}`);
  await storage.flush();
  for (const [key, value] of Object.entries(CONSENTS)) await storage.meta.set(key, value);
  return storage;
}

if (import.meta.main) {
  const [path = "", end] = Deno.args;
  const storage = await fill(path);
  if (end === "kill") Deno.kill(Deno.pid, "SIGKILL");
  await storage[Symbol.asyncDispose]();
}
