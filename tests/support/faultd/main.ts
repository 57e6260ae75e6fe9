/**
 * The `faultd` program; see `mod.ts`.
 *
 * @module
 */

import { serveFaultd } from "./http_face.ts";
import { createConductor, type Script } from "./script.ts";
import { actAsProcess, serveStdio } from "./stdio_face.ts";

const after = (flag: string) => Deno.args[Deno.args.indexOf(flag) + 1] ?? "";
const file = Deno.args.includes("--script-file") ? after("--script-file") : undefined;

function readScript(): string {
  if (file !== undefined) return Deno.readTextFileSync(file);
  return Deno.args.includes("--script") ? after("--script") : Deno.env.get("FAULTD_SCRIPT") ?? "{}";
}

let text = readScript();
const script: Script = JSON.parse(text);

if (Deno.args.includes("--http")) {
  for (const fault of script.start ?? []) actAsProcess(fault);
  const server = await serveFaultd(script, { onProcess: actAsProcess });
  console.log(JSON.stringify({ port: server.port }));
} else {
  const conductor = createConductor(script);
  await serveStdio(conductor, () => {
    const now = file === undefined ? text : readScript();
    if (now !== text) conductor.load(JSON.parse(now));
    text = now;
  });
}
