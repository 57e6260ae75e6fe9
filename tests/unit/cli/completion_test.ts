import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { runCli } from "./fakes.ts";

const script = (await runCli(["completion", "bash"])).out;

/** Presses Tab after the last word, in a real bash. */
async function complete(...words: string[]): Promise<string[]> {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const run = `${script}
COMP_WORDS=(mcpproxy ${quoted}); COMP_CWORD=${words.length}; COMPREPLY=()
_mcpproxy; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await new Deno.Command("bash", { args: ["-c", run] }).output();
  strictEqual(new TextDecoder().decode(stderr), "");
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

Deno.test("completion bash completes nouns, verbs, options and formats", async () => {
  deepStrictEqual(await complete("up"), ["upstream"]);
  deepStrictEqual(await complete("upstream", "rem"), ["remove"]);
  deepStrictEqual(await complete("-c", "upstream", "--json", "call", "tool-w"), ["tool-write"]);
  deepStrictEqual(await complete("upstream", "add", "--tr"), ["--transport", "--trust-mode"]);
  deepStrictEqual(await complete("status", "-o", ""), ["table", "json", "yaml"]);
  ok((await complete("")).includes("serve"));
});

Deno.test("completion bash leaves values and commands of servers to the shell", async () => {
  deepStrictEqual(await complete("--config", ""), []);
  deepStrictEqual(await complete("upstream", "add", "a", "--", "--h"), []);
  deepStrictEqual(await complete("upstream", "remove", ""), []);
});

Deno.test("completion bash never evaluates what was typed", async () => {
  deepStrictEqual(await complete("call", "tool", "$(echo list)", "`echo up`"), []);
});

Deno.test("completion prints scripts for zsh and fish with every verb", async () => {
  const zsh = (await runCli(["completion", "zsh"])).out;
  match(zsh, /^#compdef mcpproxy\n/);
  match(zsh, /" upstream"\) commands=\('list:List all servers' /);
  const fish = (await runCli(["completion", "fish"])).out;
  match(fish, /-n "__mcpproxy_at ' upstream'" -f -a list -d 'List all servers'\n/);
  match(fish, /-n "__mcpproxy_at ' upstream logs'" -l tail -s n -r -d 'number of lines'\n/);
});
