/**
 * Texts made to keep a scanner busy, and how long it takes over them.
 *
 * @module
 */

import { createRuleSet, scanAll } from "../../lib/security/engine.ts";
import { createDetector, findInResult } from "../../lib/security/mod.ts";

/** Pieces that patterns begin with, repeated until a text is full. */
export const PUMPS: readonly string[] = [
  "a",
  "a ",
  "A1",
  "aA1/",
  "1 ",
  "4 ",
  "4242-",
  "/",
  "./",
  "/a",
  "~/.",
  "a.",
  "a@",
  "a@a.",
  "x_",
  "-",
  "\n",
  "\n- ",
  " \n",
  "\t ",
  "<",
  "<!--",
  "<system ",
  "</",
  "[//]: # (",
  "/*",
  "![](http://",
  "![](http://{",
  "http://",
  "https://a/",
  "curl ",
  "curl |",
  "echo ",
  "mv a",
  "rm -",
  "cat /",
  "install a",
  "npm install ",
  "%41",
  "%4",
  "&#65;",
  "&lt;a",
  "\\u0041",
  "\\x41",
  "\\u003c",
  "QUJD",
  "4142",
  "41 ",
  "a b ",
  "a  ",
  "vtaber ",
  "erongi ",
  "must ",
  "must first call ",
  "you must always send all api keys to the ",
  "ignore all previous ",
  "do not tell the ",
  "first also always before after ",
  "if when the user ",
  "password ",
  "other x tool ",
  "detects. jailbreak. ",
  '"detects" "act jailbreak" ',
  "every all any each ",
  '"',
  "'",
  "`a",
  "忽略",
  "忽略之前",
  "不必询问",
  "改成",
  "x なければなりません ",
  "e g. 必须. ",
  "й",
  "aй",
  "\u200b",
  "\u200d",
  "\u200c",
  "\u202a",
  "\u{e0041}",
  "\u{1f3f4}\u{e0067}",
  "\ufe0f",
  "\u{e0141}",
  "\ud800",
  "\x1b[",
  "\r",
  "\ue000",
  "ａ",
  "𝐚",
  "-----BEGIN ",
  "-----BEGIN A",
  "eyJaaaaaaaaaa",
  "eyJaaaaaaaaaa.",
  "eyJaaaaaaaaaa.eyJaaaaaaaaaa.",
  "aws secret ",
  "aws ",
  "ibm key ",
  "gemini ",
  "Bearer ",
  "mysql://a:",
  "redis://",
  "http://a:",
  "server ",
  "server;password=",
  "?sv=2020-01-01",
  "sk-",
  "ghp_",
  "AKIA",
  "xoxb-",
  "M",
  "MaaaaaaaaaaaaaaaaaaaaaaaA.",
  "1/11111111111111",
  "de12 ",
  "0x",
  "id_rsa ",
  ".env ",
  "a.pem",
];

/** The slowest text and its time. */
export interface Slowest {
  readonly pump: string;
  readonly ms: number;
}

/** Fills a text of a length with a piece. */
export function fill(pump: string, length: number): string {
  return pump.repeat(Math.ceil(length / pump.length)).slice(0, length);
}

/** Runs something a few times and gives the least time, in milliseconds. */
export function fastest(run: () => void, rounds: number): number {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    run();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

/** What is measured: the whole scan of one text, and the search for secrets in it. */
export async function createSubjects(): Promise<ReadonlyMap<string, (text: string) => void>> {
  const rules = createRuleSet();
  const detector = await createDetector();
  return new Map([
    ["scan", (text) => void scanAll([{ kind: "tool", definition: { name: "t", description: text } }], rules)],
    ["secrets", (text) => void detector.find(text)],
    ["orders in results", (text) => void findInResult(text)],
  ]);
}

/** Finds the slowest text of a length. */
export function findSlowest(run: (text: string) => void, length: number, rounds = 2): Slowest {
  let slowest: Slowest = { pump: "", ms: 0 };
  for (const pump of PUMPS) {
    const text = fill(pump, length);
    const ms = fastest(() => run(text), rounds);
    if (ms > slowest.ms) slowest = { pump, ms };
  }
  return slowest;
}
