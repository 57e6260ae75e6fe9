/**
 * `faultd`: an MCP server that does wrong what a script says, over stdio and
 * over HTTP, in the legacy and the modern revision. For every test that needs
 * a server which hangs, lies, floods, dies or will not die.
 *
 * A {@link Script} is JSON. It comes as `--script JSON`, from `--script-file
 * PATH` (read again before each request, so that a test can change it while the
 * server runs), from the variable `FAULTD_SCRIPT`, or over HTTP as `PUT
 * /control`. Its rules say which requests are answered wrongly, by method or
 * tool and by how many came before; the faults of a rule happen in their order.
 * A call of the tool `fault` brings its own faults in the argument `do`.
 *
 * ```ts
 * // A server whose second tool call ends it in the middle of the answer.
 * faultd({ rules: [{ on: "tools/call", nth: 2, do: { kind: "partial", bytes: 20, then: "reset" } }] });
 *
 * // The same over HTTP, inside of the test, where it is an RST.
 * await using server = await serveFaultd({ rules: [ … ] });
 * ```
 *
 * | group | faults |
 * | --- | --- |
 * | the process | `exit`, `ignore` signals or the end of input, `deaf`, `fork` (own session, stubborn, holding the output), `stderr`, `garbage` |
 * | what it says | `result`, `error`, `empty`, `raw`, `size`, `id`, `duplicate`, `endless`, `notify`, `storm` |
 * | how and when | `delay`, `hang`, `late`, `partial`, `split` (with a pause: drop by drop) |
 * | HTTP | `status`, `forget` (sessions), `hangUp` (streams) |
 *
 * Run by hand: `deno run -A tests/support/faultd/main.ts [--http] --script '{}'`; over HTTP it prints
 * `{"port":…}`. Faults of the network between the two belong to `../tcp_proxy.ts`.
 *
 * @module
 */

import type { Script } from "./script.ts";

export { type HttpFaultd, serveFaultd } from "./http_face.ts";
export type { Fault, Message, Rule, Script } from "./script.ts";

/** Command line that starts a `faultd` over stdio. */
export function faultd(script: Script = {}): { readonly command: string; readonly args: string[] } {
  const path = new URL("main.ts", import.meta.url).pathname;
  return {
    command: Deno.execPath(),
    args: ["run", "--quiet", "--no-config", "-A", path, "--script", JSON.stringify(script)],
  };
}
