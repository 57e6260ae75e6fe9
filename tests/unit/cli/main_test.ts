import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { ErrorCode } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { runCli, serverView, statusOf } from "./fakes.ts";
import { fail, LIST } from "./main_fixture.ts";

Deno.test("main() answers wrong usage with exit 2 and a hint", async () => {
  const cases: [string[], RegExp][] = [
    [
      ["upstrem"],
      /Cannot run "upstrem": there is no such command, did you mean "upstream"\?\n→ See mcpproxy --help/,
    ],
    [["import"], /no such command, did you mean "upstream import" or "config import"\?/],
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
    ok(!out.includes("default: []"), "nothing is said of a list that is empty");
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
