import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type ErrorCode, GatewayError, type LogLine } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { type Answers, runCli, serverView, statusOf, toolView } from "./fakes.ts";

const LIST = () => ({ servers: [serverView("b"), serverView("a")], stats: {} });
const DONE = (action: string): Answers["servers.enable"] => (input) => ({
  server: (input as { name: string }).name,
  action,
  success: true,
  restart_required: false,
  quarantined: true,
});

function fail(code: ErrorCode, details = {}): () => never {
  return () => {
    throw new GatewayError(code, "Cannot do it", { remedy: "Try this", details });
  };
}

Deno.test("main() answers wrong usage with exit 2 and a hint", async () => {
  const cases: [string[], RegExp][] = [
    [
      ["upstrem"],
      /Cannot run "upstrem": there is no such command, did you mean "upstream"\?\n→ See mcpproxy --help/,
    ],
    [["upstream", "lst"], /unknown command "lst", did you mean "list"\?\n→ See mcpproxy upstream --help/],
    [
      ["-o", "json", "upstream", "list", "--hlp"],
      /unknown option .*"--hlp\\", did you mean .*upstream list --help/s,
    ],
    [["tools", "list", "--serve", "a"], /did you mean "--server"\?/],
    [["upstream", "list", "more"], /too many arguments/],
    [["upstream", "remove"], /missing required argument "name"/],
    [["-o"], /argument missing/],
    [["-o", "xml", "version"], /Cannot print as "xml": wanted table, json, yaml/],
    [["--json", "-o", "yaml", "version"], /exclude each other/],
    [["--log-level", "loud", "version"], /level "loud"/],
    [["completion", "tcsh"], /"tcsh": wanted bash, zsh, fish/],
    [["help", "upstrem"], /did you mean "upstream"/],
    [["serve", "more"], /too many arguments/],
    [["tools", "search", "a", "--limit", "0"], /limit "0"/],
    [["upstream", "logs", "a", "-n", "x"], /Cannot read x lines/],
  ];
  for (const [argv, text] of cases) {
    const { code, out, err, asked, daemons } = await runCli(argv);
    strictEqual(code, 2, argv.join(" "));
    match(out + err, text);
    deepStrictEqual([asked, daemons], [[], []]);
  }
});

Deno.test("main() prints help with exit 0, and with exit 2 for a noun alone", async () => {
  for (const argv of [["--help"], ["-h"], ["help"]]) {
    const { code, out } = await runCli(argv);
    strictEqual(code, 0);
    match(out, /^Usage: mcpproxy \[command\]/);
  }
  for (const argv of [["help", "upstream", "add"], ["upstream", "add", "--help"]]) {
    const { code, out } = await runCli(argv);
    strictEqual(code, 0);
    match(out, /^Usage: mcpproxy upstream add <name> \[url\]/);
  }
  const { code, out, err } = await runCli(["upstream"]);
  deepStrictEqual([code, out], [2, ""]);
  match(err, /^Usage: mcpproxy upstream/);
});

Deno.test("main() prints help as JSON", async () => {
  const root = JSON.parse((await runCli(["--help-json"])).out);
  deepStrictEqual(Object.keys(root), ["name", "description", "usage", "flags", "commands"]);
  deepStrictEqual(root.flags[0], {
    name: "config",
    shorthand: "c",
    description: "config file",
    type: "string",
    default: "",
    required: false,
  });
  const upstream = root.commands.find(({ name }: { name: string }) => name === "upstream");
  strictEqual(upstream.has_subcommands, true);

  const add = JSON.parse((await runCli(["upstream", "add", "--help-json"])).out);
  const header = add.flags.find(({ name }: { name: string }) => name === "header");
  deepStrictEqual([add.name, header.type], ["add", "stringArray"]);
  match(add.usage, /^mcpproxy upstream add <name>/);
});

Deno.test("main() prints the version three ways", async () => {
  for (const argv of [["version"], ["-v"], ["--version"]]) {
    const { code, out } = await runCli(argv);
    strictEqual(code, 0);
    match(out, /^mcpproxy v\d+\.\d+\.\d+ \(personal\) \w+\/\w+\n$/);
  }
  strictEqual(JSON.parse((await runCli(["version", "--json"])).out).edition, "personal");
});

Deno.test("main() chooses the format from --json, --output and MCPPROXY_OUTPUT", async () => {
  const answers = { "servers.list": LIST };
  const yaml = await runCli(["upstream", "list"], { answers, env: { MCPPROXY_OUTPUT: "yaml" } });
  match(yaml.out, /^- id: a\n/);

  const json = await runCli(["upstream", "list", "--json"], { answers, env: { MCPPROXY_OUTPUT: "yaml" } });
  deepStrictEqual(JSON.parse(json.out), [serverView("a"), serverView("b")]);

  const table = await runCli(["-o", "table", "upstream", "list"], {
    answers,
    env: { MCPPROXY_OUTPUT: "xml" },
  });
  match(table.out, /NAME +PROTOCOL/);
  strictEqual((await runCli(["upstream", "list"], { env: { MCPPROXY_OUTPUT: "xml" } })).code, 2);
});

Deno.test("main() takes exit code and report from the error", async () => {
  const codes: [ErrorCode, number][] = [
    ["MCPX_SERVER_NOT_FOUND", 1],
    ["MCPX_PORT_IN_USE", 2],
    ["MCPX_DATA_DIR_LOCKED", 3],
    ["MCPX_CONFIG_INVALID", 4],
    ["MCPX_DATA_DIR_DENIED", 5],
  ];
  for (const [code, exit] of codes) {
    const run = await runCli(["upstream", "list"], {
      answers: { "servers.list": fail(code, { request_id: "r1" }) },
    });
    strictEqual(run.code, exit);
    deepStrictEqual([run.out, run.err], ["", "Error: Cannot do it\n→ Try this\nRequest ID: r1\n"]);
  }
  const run = await runCli(["upstream", "list", "-o", "json"], {
    answers: { "servers.list": fail("MCPX_CONFIG_INVALID", { path: "listen", request_id: "r1" }) },
  });
  deepStrictEqual([run.code, run.err], [4, ""]);
  deepStrictEqual(JSON.parse(run.out), {
    code: "MCPX_CONFIG_INVALID",
    message: "Cannot do it",
    guidance: "Try this",
    context: { path: "listen" },
    request_id: "r1",
  });
});

Deno.test("main() hides an unexpected failure until details are asked for", async () => {
  const answers = {
    "servers.list": () => {
      throw new TypeError("inner words");
    },
  };
  const quiet = await runCli(["upstream", "list"], { answers });
  strictEqual(quiet.code, 1);
  ok(!quiet.err.includes("inner words"));

  const loud = await runCli(["upstream", "list", "--log-level", "debug"], { answers });
  match(loud.err, /TypeError: inner words/);
});

Deno.test("main() ends quietly when the reader of its output has gone", async () => {
  const run = await runCli(["upstream", "list"], { answers: { "servers.list": LIST }, isClosedPipe: true });

  deepStrictEqual([run.code, run.out, run.err], [0, "", ""]);
});

Deno.test("main() returns 130 when Ctrl-C ends a command", async () => {
  let press = () => {};
  const run = await runCli(["upstream", "list"], {
    onArmed: (callback) => press = callback,
    answers: {
      "servers.list": (_input, signal) => {
        queueMicrotask(() => press());
        const { promise, reject } = Promise.withResolvers();
        signal.addEventListener("abort", () => reject(signal.reason));
        return promise;
      },
    },
  });

  deepStrictEqual([run.code, run.out, run.err], [130, "", ""]);
});

Deno.test("main() gives up a command that does not end after Ctrl-C, and kills what it started", async () => {
  const clock = createManualClock();
  const { processes } = createDenoPlatform();
  let killed = 0;
  let press = () => {};
  for (const goOn of [() => press(), () => clock.advance(3000)]) {
    const asked = Promise.withResolvers<void>();
    const run = runCli(["upstream", "list"], {
      platform: { clock, processes: { ...processes, killAll: () => killed++ } },
      onArmed: (callback) => press = callback,
      answers: {
        "servers.list": () => {
          asked.resolve();
          return new Promise(() => {});
        },
      },
    });
    await asked.promise;

    press();
    goOn();

    strictEqual((await run).code, 130);
    strictEqual(clock.pending, 0);
  }
  strictEqual(killed, 2);
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
  const answers = { "servers.remove": DONE("remove") };
  const argv = ["upstream", "remove", "a"];

  const alone = await runCli(argv, { answers });
  deepStrictEqual([alone.code, alone.asked], [2, []]);
  match(alone.err, /wanted --yes/);

  const no = await runCli(argv, { answers, isInteractive: true, stdin: "" });
  deepStrictEqual([no.code, no.asked], [1, []]);
  match(no.err, /Remove server "a" from the config\? \[y\/N\] Nothing was changed/);

  const yes = await runCli(argv, { answers, isInteractive: true, stdin: "Yes" });
  deepStrictEqual([yes.code, yes.out], [0, 'Removed server "a"\n']);

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

Deno.test("tools list and search print tools and name servers that are missing", async () => {
  const tools = [toolView("b:y"), toolView("a:x")];
  const failed_servers = [{ name: "c", error: "down" }];
  const answers: Answers = {
    "tools.list": () => ({ tools, failed_servers }),
    "servers.tools": () => ({ tools: [] }),
    "tools.search": () => ({
      query: "q",
      results: [{ tool: tools[0], score: 1.234, snippet: "", matches: 1 }],
    }),
  };
  const list = await runCli(["tools", "list"], { answers });
  match(list.out, /a:x .*\nb:y /);
  match(list.err, /Tools of server "c" are missing: down/);
  deepStrictEqual(
    JSON.parse((await runCli(["tools", "list", "--json"], { answers })).out),
    tools.toReversed(),
  );

  const one = await runCli(["tools", "list", "-s", "a"], { answers });
  deepStrictEqual(one.asked, [{ verb: "servers.tools", input: { name: "a" } }]);
  match(one.err, /No tools/);

  const search = await runCli(["tools", "search", "read", "a file", "--limit", "3"], { answers });
  deepStrictEqual(search.asked, [{ verb: "tools.search", input: { q: "read a file", limit: 3 } }]);
  match(search.out, /SCORE .*\n 1\.23 {2}b:y/);
});

Deno.test("status shows the gateway and, if asked, the key", async () => {
  const answers = { "status.get": () => statusOf() };

  const plain = await runCli(["status"], { answers });
  deepStrictEqual(plain.asked, [{ verb: "status.get", input: {} }]);
  match(plain.out, /^State +Running/);
  const key = await runCli(["status", "--show-key", "--json"], { answers });
  deepStrictEqual(key.asked, [{ verb: "status.get", input: { show_key: true } }]);
  deepStrictEqual(JSON.parse(key.out), statusOf());
});

Deno.test("serve is the default, passes its options on and returns the daemon's code", async () => {
  const daemon = (options: { report: (progress: { kind: "stopped" }) => void }) => {
    options.report({ kind: "stopped" });
    return Promise.resolve(3);
  };
  const bare = await runCli([], { runDaemon: daemon });
  deepStrictEqual([bare.code, bare.out, bare.err, bare.daemons.length], [3, "", "Stopped\n", 1]);
  strictEqual(bare.daemons[0]?.enableSocket, undefined);

  const words = [
    ...["--listen", ":0", "--require-mcp-auth", "--read-only", "--no-enable-socket", "--log-dir", "/l"],
    ...["--tool-response-limit", "500", "--no-allow-server-add"],
  ];
  for (const argv of [words, ["serve", ...words]]) {
    const [options] = (await runCli([...argv, "-c", "/c", "-d", "/d", "--log-level", "debug"])).daemons;
    const { platform: _platform, report: _report, version: _version, ...rest } = options ?? {};
    deepStrictEqual(rest, {
      config: "/c",
      dataDir: "/d",
      logLevel: "debug",
      listen: ":0",
      requireMcpAuth: true,
      readOnly: true,
      enableSocket: false,
      logToFile: undefined,
      logDir: "/l",
      settings: { tool_response_limit: 500, allow_server_add: false },
    });
  }
  strictEqual((await runCli(["serve", "--tool-response-limit", "many"])).code, 2);

  const failed = await runCli(["serve"], { runDaemon: fail("MCPX_PORT_IN_USE") });
  deepStrictEqual([failed.code, failed.err], [2, "Error: Cannot do it\n→ Try this\n"]);
});
