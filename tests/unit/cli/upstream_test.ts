import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { LogLine } from "../../../lib/contracts/mod.ts";
import { type Answers, runCli, serverView } from "./fakes.ts";
import { fail, LIST } from "./main_fixture.ts";

const DONE = (action: string): Answers["servers.enable"] => (input) => ({
  server: (input as { name: string }).name,
  action,
  success: true,
  restart_required: false,
  quarantined: true,
});

Deno.test("upstream list shows a table, and notes on stderr", async () => {
  const some = await runCli(["upstream", "list"], { answers: { "servers.list": LIST }, isLocal: true });
  match(some.out, /NAME.*\n✅ {2}a .*\n✅ {2}b /);
  match(some.err, /No daemon runs; to start it: mcpproxy serve/);

  const none = await runCli(["upstream", "list"], { answers: { "servers.list": () => ({ servers: [] }) } });
  deepStrictEqual([none.code, none.out], [0, ""]);
  match(none.err, /No servers/);

  const json = await runCli(["upstream", "list", "--json"], {
    answers: { "servers.list": () => ({ servers: [] }) },
    isLocal: true,
  });
  deepStrictEqual([json.out, json.err], ["[]\n", ""]);
});

Deno.test("upstream list has no colour in a pipe or with NO_COLOR", async () => {
  const answers = { "servers.list": LIST };

  ok((await runCli(["upstream", "list"], { answers, width: 80 })).out.includes("\x1b[32m"));
  ok(
    !(await runCli(["upstream", "list"], { answers, width: 80, env: { NO_COLOR: "1" } })).out.includes(
      "\x1b",
    ),
  );
  ok(!(await runCli(["upstream", "list"], { answers })).out.includes("\x1b"));
});

Deno.test("upstream add makes an entry from its words", async () => {
  const cases: [string[], unknown][] = [
    [["a", "https://x/mcp"], { name: "a", url: "https://x/mcp" }],
    [
      ["a", "--", "npx", "-y", "pkg", "--config", "f", "-o", "xml"],
      { name: "a", command: "npx", args: ["-y", "pkg", "--config", "f", "-o", "xml"] },
    ],
    [["a", "${env:URL}", "--transport", "sse"], { name: "a", url: "${env:URL}", protocol: "sse" }],
    [
      ["a", "http://x", "--header", "A: b: c", "--header", "D:e", "--trust-mode", "scan", "--no-quarantine"],
      { name: "a", url: "http://x", headers: { A: "b: c", D: "e" }, trust_mode: "scan", quarantined: false },
    ],
    [
      ["a", "--env", "K=v=w", "--env", "E=", "--working-dir", "/w", "--", "run"],
      { name: "a", command: "run", args: [], env: { K: "v=w", E: "" }, working_dir: "/w" },
    ],
  ];
  for (const [words, entry] of cases) {
    const run = await runCli(["upstream", "add", ...words], { answers: { "servers.add": DONE("add") } });
    deepStrictEqual(run.asked, [{ verb: "servers.add", input: entry }]);
    deepStrictEqual([run.code, run.out], [0, 'Added server "a"\n']);
    match(run.err, /mcpproxy upstream approve a/);
  }
});

Deno.test("upstream add refuses words that make no entry", async () => {
  const cases: [string[], RegExp][] = [
    [["a"], /wanted a URL, or a command after --/],
    [["a", "npx"], /"npx" is no URL/],
    [["a", "http://x", "more"], /"more" is one word too many/],
    [["a", "http://x", "--header", "secret"], /there is no ":" in it/],
    [["a", "http://x", "--env", "=secret"], /nothing stands before "="/],
    [["a", "http://x", "--transport", "ws"], /transport "ws"/],
    [["a", "http://x", "--trust-mode", "x"], /trust mode "x"/],
  ];
  for (const [words, text] of cases) {
    const run = await runCli(["upstream", "add", ...words]);
    strictEqual(run.code, 2);
    match(run.err, text);
    ok(!run.err.includes("secret"));
  }
});

Deno.test("upstream add --if-not-exists is content with what is there", async () => {
  const answers = { "servers.add": fail("MCPX_SERVER_EXISTS") };

  const run = await runCli(["upstream", "add", "a", "http://x", "--if-not-exists"], { answers });
  strictEqual(run.code, 0);
  match(run.err, /exists; nothing was changed/);
  strictEqual((await runCli(["upstream", "add", "a", "http://x"], { answers })).code, 1);
});

Deno.test("upstream add-json sends the entry with its name", async () => {
  const answers = { "servers.add": DONE("add") };

  const run = await runCli(["upstream", "add-json", "a", '{"url":"http://x"}'], { answers });
  deepStrictEqual(run.asked, [{ verb: "servers.add", input: { url: "http://x", name: "a" } }]);
  for (const json of ["[]", "{", '{"name":"b"}']) {
    strictEqual((await runCli(["upstream", "add-json", "a", json], { answers })).code, 2);
  }
});

Deno.test("upstream remove asks first, and needs --yes where nobody answers", async () => {
  const answers = { "servers.get": () => serverView("a"), "servers.remove": DONE("remove") };
  const argv = ["upstream", "remove", "a"];

  const alone = await runCli(argv, { answers });
  deepStrictEqual([alone.code, alone.asked], [2, []]);
  match(alone.err, /wanted --yes/);

  const no = await runCli(argv, { answers, isInteractive: true, stdin: "" });
  deepStrictEqual([no.code, no.asked], [1, [{ verb: "servers.get", input: { name: "a" } }]]);
  match(no.err, /Remove server "a" from the config\? \[y\/N\] Nothing was changed/);

  const yes = await runCli(argv, { answers, isInteractive: true, stdin: "Yes" });
  deepStrictEqual([yes.code, yes.out], [0, 'Removed server "a"\n']);

  const absent = { "servers.get": fail("MCPX_SERVER_NOT_FOUND") };
  const nobody = await runCli(argv, { answers: absent, isInteractive: true, stdin: "y" });
  strictEqual(nobody.code, 1);
  ok(!nobody.err.includes("[y/N]"), "nobody is asked about what is not there");

  const forced = await runCli([...argv, "-y"], { answers });
  deepStrictEqual(forced.asked, [{ verb: "servers.remove", input: { name: "a" } }]);
});

Deno.test("upstream remove --if-exists is content when there is nothing", async () => {
  const answers = { "servers.remove": fail("MCPX_SERVER_NOT_FOUND") };

  strictEqual((await runCli(["upstream", "remove", "a", "-y", "--if-exists"], { answers })).code, 0);
  strictEqual((await runCli(["upstream", "remove", "a", "-y"], { answers })).code, 1);
});

Deno.test("upstream enable, disable and restart act on one server", async () => {
  for (
    const [verb, text] of [["enable", "Enabled"], ["disable", "Disabled"], ["restart", "Restarted"]] as const
  ) {
    const run = await runCli(["upstream", verb, "a"], { answers: { [`servers.${verb}`]: DONE(verb) } });

    deepStrictEqual(run.asked, [{ verb: `servers.${verb}`, input: { name: "a" } }]);
    deepStrictEqual([run.code, run.out], [0, `${text} server "a"\n`]);
  }
});

Deno.test("upstream disable --all asks, acts on enabled servers and tells each failure", async () => {
  const servers = [serverView("c"), serverView("a"), serverView("b", { enabled: false })];
  const answers: Answers = {
    "servers.list": () => ({ servers }),
    "servers.disable": (input, signal) => {
      if ((input as { name: string }).name === "c") fail("MCPX_STORAGE_FAILED")();
      return DONE("disable")?.(input, signal);
    },
  };
  const argv = ["upstream", "disable", "--all"];

  strictEqual((await runCli(argv, { answers })).code, 2);
  const no = await runCli(argv, { answers, isInteractive: true, stdin: "n" });
  deepStrictEqual([no.code, no.asked.length], [1, 1]);
  match(no.err, /Really disable 2 servers \(a, c\)\?/);

  const forced = await runCli([...argv, "--force"], { answers });
  deepStrictEqual([forced.code, forced.out], [1, 'Disabled server "a"\n']);
  match(forced.err, /^Error: Cannot do it\n/);

  const json = JSON.parse((await runCli([...argv, "--force", "--json"], { answers })).out);
  deepStrictEqual(
    json.map(({ server, success }: { server: string; success: boolean }) => [server, success]),
    [
      ["a", true],
      ["c", false],
    ],
  );
  for (const words of [[], ["a", "--all"]]) {
    strictEqual((await runCli(["upstream", "restart", ...words])).code, 2);
  }
});

Deno.test("upstream approve and patch send a patch", async () => {
  const answers = { "servers.update": DONE("update") };
  const approve = await runCli(["upstream", "approve", "a"], { answers });
  deepStrictEqual(approve.asked[0]?.input, { name: "a", patch: { quarantined: false } });

  const words = ["--header", "A: 1", "--header-remove", "B", "--env", "K=v", "--env-remove", "L"];
  const patch = await runCli(["upstream", "patch", "a", ...words, "--init-timeout", "45s"], { answers });
  deepStrictEqual(patch.asked[0]?.input, {
    name: "a",
    patch: { headers: { B: null, A: "1" }, env: { L: null, K: "v" }, init_timeout: "45s" },
  });
  strictEqual(patch.code, 0);
  strictEqual((await runCli(["upstream", "patch", "a"])).code, 2);
});

Deno.test("upstream logs prints and follows", async () => {
  const line: LogLine = { timestamp: "12:00", level: "info", message: "hi", server: "a" };
  const once = await runCli(["upstream", "logs", "a", "-n", "5"], {
    answers: { "servers.logs": () => ({ logs: [line] }) },
  });
  deepStrictEqual(once.asked, [{ verb: "servers.logs", input: { name: "a", tail: 5 } }]);
  strictEqual(once.out, "12:00 INFO  hi\n");

  const followed = await runCli(["upstream", "logs", "a", "-f"], { lines: [line, line] });
  deepStrictEqual([followed.code, followed.out], [0, "12:00 INFO  hi\n12:00 INFO  hi\n"]);
  const json = await runCli(["upstream", "logs", "a", "-f", "--json"], { lines: [line] });
  strictEqual(json.out, `${JSON.stringify(line)}\n`);

  let press = () => {};
  const ended = await runCli(["upstream", "logs", "a", "-f"], {
    onArmed: (callback) => (press = callback, press()),
    lines: [line],
  });
  deepStrictEqual([ended.code, ended.out], [130, ""]);
});
