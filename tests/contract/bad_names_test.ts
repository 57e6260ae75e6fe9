/**
 * Bad names of things: whatever a name looks like, every surface gives the same
 * answer, and none of them leads anywhere else.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { main } from "../../cli/main.ts";
import { GatewayError, isErrorCode, type Management, type VerbName } from "../../lib/contracts/mod.ts";
import { connectRemote } from "../../lib/client/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { TRAVERSALS } from "../support/traversals.ts";
import { ALL, fieldsOf, sample } from "../support/verb_input.ts";
import { openTestGateway, openWorkspace, reference } from "../support/workspace.ts";

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    return error instanceof GatewayError ? error.code : `${error}`;
  }
}

Deno.test("every verb says the same of a name in its path, in process and over HTTP", async () => {
  await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });
  await using gateway = await openTestGateway(workspace);
  const platform = createDenoPlatform();
  const endpoint = { kind: "tcp", url: `http://${gateway.address}`, apiKey: gateway.apiKey } as const;
  await using remote = connectRemote(platform, endpoint, { version: "test" });
  const different: string[] = [];
  for (const [name, verb] of ALL) {
    const inPath = [...verb.path.matchAll(/\{(\w+)\}/g)].map(([, field = ""]) => field);
    const { properties, required } = fieldsOf(verb);
    const valid: Record<string, unknown> = Object.fromEntries(
      required.map((field) => [field, sample(properties[field] ?? {})]),
    );
    // A patch of nothing is refused before anybody looks for the name.
    if (name === "servers.update") valid.patch = { enabled: true };
    for (const field of inPath) {
      for (const text of ["nope", ".", "..", "\ud800", "../x", "a b", "%00", "x".repeat(300)]) {
        const input = { ...valid, [field]: text } as never; // as the schema says, but for the name
        const here = await codeOf(gateway.management.request(name, input));
        const there = await codeOf(remote.request(name, input));
        if (here !== there) different.push(`${name} ${field}=${JSON.stringify(text)}: ${here}, ${there}`);
        ok(
          here === "done" || isErrorCode(here) && here !== "MCPX_INTERNAL",
          `${name} ${field}=${text}: ${here}`,
        );
      }
    }
  }
  deepStrictEqual(different, []);
});

/** Commands that take the name of a server, with the verb behind each. */
const NAMED: readonly (readonly [VerbName, readonly string[]])[] = [
  ["servers.get", ["upstream", "get"]],
  ["servers.enable", ["upstream", "enable"]],
  ["servers.disable", ["upstream", "disable"]],
  ["servers.restart", ["upstream", "restart"]],
  ["servers.remove", ["upstream", "remove", "--yes"]],
  ["servers.quarantine", ["upstream", "quarantine"]],
  ["servers.discover", ["upstream", "discover-tools"]],
  ["servers.logs", ["upstream", "logs"]],
  ["servers.tools", ["tools", "list", "--server"]],
  ["diagnostics.server", ["doctor", "--server"]],
];

/** Runs a command with a service and gives the code that it prints. */
async function runForCode(words: readonly string[], management: Management): Promise<string> {
  let out = "";
  const output = {
    isTerminal: false,
    width: () => undefined,
    write(text: string) {
      out += text;
      return Promise.resolve();
    },
  };
  const shared: Management = { ...unbound(management), [Symbol.asyncDispose]: () => Promise.resolve() };
  await main(["-o", "json", ...words], createDenoPlatform(), {
    openManagement: () => Promise.resolve(shared),
    terminal: {
      stdout: output,
      stderr: { ...output, write: () => Promise.resolve() },
      isInteractive: false,
      readAll: () => Promise.resolve(""),
      async *readLines() {},
      readLine: () => Promise.resolve(undefined),
      readHidden: () => Promise.resolve(undefined),
      edit: () => Promise.resolve(0),
      onInterrupt: () => ({ [Symbol.dispose]() {} }),
    },
  });
  return JSON.parse(out).code ?? "done";
}

function unbound(management: Management): Management {
  return {
    kind: management.kind,
    request: (verb, input, options) => management.request(verb, input, options),
    followLogs: (input, signal) => management.followLogs(input, signal),
    followEvents: (filter, signal) => management.followEvents(filter, signal),
    exportActivity: (input, options) => management.exportActivity(input, options),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

Deno.test("200 names that lead elsewhere lead nowhere, with one code on every surface", async (t) => {
  strictEqual(TRAVERSALS.length, 200);
  await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });
  await using gateway = await openTestGateway(workspace);
  await using remote = connectRemote(createDenoPlatform(), {
    kind: "tcp",
    url: `http://${gateway.address}`,
    apiKey: gateway.apiKey,
  }, { version: "test" });
  const files = async () =>
    (await Array.fromAsync(Deno.readDir(workspace.directory), ({ name }) => name))
      .filter((name) => !name.endsWith(".lock")).sort();
  const before = await files();

  for (const [verb, words] of NAMED) {
    await t.step(`${verb}, mcpproxy ${words.join(" ")}`, async () => {
      for (const name of TRAVERSALS) {
        const input = { name } as never; // all of them take a name
        const here = await codeOf(gateway.management.request(verb, input));
        const there = await codeOf(remote.request(verb, input));
        ok(here === "MCPX_SERVER_NOT_FOUND" || here === "MCPX_INVALID_INPUT", `${verb} ${name}: ${here}`);
        strictEqual(there, here, `${verb} ${JSON.stringify(name)}`);
        // What begins with a hyphen is an option to a command line.
        if (name.startsWith("-")) continue;
        strictEqual(
          await runForCode([...words, name], remote),
          here,
          `${words.join(" ")} ${JSON.stringify(name)}`,
        );
      }
    });
  }

  await t.step("names of new servers, tools and words to search", async () => {
    for (const name of TRAVERSALS) {
      for (const management of [gateway.management, remote]) {
        const added = await codeOf(management.request("servers.add", { name, command: "x", enabled: false }));
        if (/^(?!\.)[A-Za-z0-9._-]{1,64}$/.test(name)) {
          strictEqual(added, "done", name);
          await management.request("servers.remove", { name });
        } else strictEqual(added, "MCPX_INVALID_INPUT", name);
        const called = await management.request("calls.call", { tool_name: `memory:${name}` }).catch((
          error,
        ) => error);
        ok(called instanceof GatewayError ? called.code !== "MCPX_INTERNAL" : called.isError, name);
        const found = await codeOf(management.request("tools.search", { q: name }));
        ok(found === "done" || found === "MCPX_INVALID_INPUT", `${name}: ${found}`);
      }
    }
  });
  deepStrictEqual(await files(), before);
});
