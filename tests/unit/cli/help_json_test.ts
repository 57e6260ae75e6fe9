import { ok, strictEqual } from "node:assert/strict";
import { runCli } from "./fakes.ts";

interface Help {
  readonly name: string;
  readonly description: string;
  readonly usage: string;
  readonly flags: readonly { readonly name: string; readonly description: string; readonly type: string }[];
  readonly commands: readonly { readonly name: string; readonly has_subcommands: boolean }[];
}

Deno.test("--help-json describes every command, and exactly what its help shows", async () => {
  const seen: string[] = [];
  async function visit(path: readonly string[], hasMore: boolean): Promise<void> {
    const { code, out, err } = await runCli([...path, "--help-json"]);
    strictEqual(code, 0, err);
    const help: Help = JSON.parse(out);
    seen.push(path.join(" "));
    strictEqual(help.name, path.at(-1) ?? "mcpproxy");
    ok(help.description !== "" && help.usage.startsWith(["mcpproxy", ...path].join(" ")), path.join(" "));
    strictEqual(help.commands.length > 0, hasMore, path.join(" "));
    for (const { name, description, type } of help.flags) {
      ok(
        name !== "" && description !== "" && ["bool", "string", "stringArray"].includes(type),
        `${path} ${name}`,
      );
    }
    const shown = (await runCli(["help", ...path])).out;
    for (const { name } of [...help.flags, ...help.commands]) ok(shown.includes(name), `${path}: ${name}`);
    for (const { name, has_subcommands: more } of help.commands) await visit([...path, name], more);
  }
  await visit([], true);
  ok(seen.length > 30 && seen.includes("upstream logs"));
  ok(!seen.includes("completion names"), "it is for scripts only");
});
