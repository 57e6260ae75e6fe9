import { deepStrictEqual } from "node:assert/strict";
import { toEntry } from "../../../ui/add_server.ts";
import { toPairs, toWords } from "../../../ui/command_line.ts";

Deno.test("toWords() cuts at blanks outside quotes, and expands nothing", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["npx -y  server ", ["npx", "-y", "server"]],
    [`run "two words" 'it''s' a\\ b`, ["run", "two words", "its", "a b"]],
    [`say "a \\"b\\" \\n" '' $HOME ~`, ["say", 'a "b" \\n', "", "$HOME", "~"]],
    ["C:\\\\bin", ["C:\\bin"]],
    ["", []],
  ];
  for (const [line, words] of cases) deepStrictEqual(toWords(line), { ok: words });
});

Deno.test("toWords() says that a quote is open", () => {
  deepStrictEqual(toWords(`run "this`), { wrong: 'A quote " is not closed' });
});

Deno.test("toPairs() reads a pair a line, whatever the value holds", () => {
  deepStrictEqual(toPairs("A=1\n\n B = x=y \n", "="), { ok: { A: "1", B: "x=y" } });
  deepStrictEqual(toPairs("X-Key: a:b", ":"), { ok: { "X-Key": "a:b" } });
  deepStrictEqual(toPairs("=1", "="), { wrong: '"=1" is not NAME=VALUE' });
});

Deno.test("toEntry() tells an address from a command", () => {
  deepStrictEqual(toEntry({ name: "a", target: " https://h/mcp ", pairs: "Authorization: Bearer x" }), {
    ok: { name: "a", url: "https://h/mcp", headers: { Authorization: "Bearer x" } },
  });
  deepStrictEqual(toEntry({ name: "b", target: "npx -y s", pairs: "" }), {
    ok: { name: "b", command: "npx", args: ["-y", "s"] },
  });
});
