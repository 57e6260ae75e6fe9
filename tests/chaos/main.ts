/**
 * Runs this folder at full length: 1,000 kills of the daemon, 500 of a writer,
 * every death at every durable operation, 500 full disks, 500 damages, 50
 * daemons at once. About twenty minutes.
 *
 *   deno task chaos [SEED] [-- deno test flags]
 *
 * @module
 */

const split = Deno.args.indexOf("--");
const words = split < 0 ? Deno.args : Deno.args.slice(0, split);
const flags = split < 0 ? [] : Deno.args.slice(split + 1);
const seed = words[0] ?? `${Math.floor(Math.random() * 1_000_000)}`;
if (words.length > 1 || !/^\d+$/.test(seed)) {
  console.error("Usage: deno task chaos [SEED] [-- deno test flags]");
  Deno.exit(2);
}
console.log(`Seed ${seed}`);
const { code } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", ...flags, "tests/chaos/"],
  cwd: new URL("../..", import.meta.url),
  env: { CHAOS: "long", CHAOS_SEED: seed },
  stdin: "null",
}).spawn().status;
Deno.exit(code);
