/**
 * Bad input for every verb, made from the contract: whatever is sent, the
 * answer is a refusal with a code, the same one on every surface.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { main } from "../../cli/main.ts";
import {
  GatewayError,
  isErrorCode,
  type JsonSchema,
  type Management,
  toJsonSchema,
  type Verb,
  type VerbName,
  VERBS,
} from "../../lib/contracts/mod.ts";
import { connectRemote } from "../../lib/client/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import type { Gateway } from "../../mod.ts";
import { sendRaw } from "../support/raw_http.ts";
import { TRAVERSALS } from "../support/traversals.ts";
import { openTestGateway, openWorkspace, reference, waitForStatus } from "../support/workspace.ts";

// Names and verbs of that very table.
const ALL = Object.entries(VERBS) as [VerbName, Verb][];

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly error: string;
  readonly remedy: string;
}

interface Fields {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

function fieldsOf({ input }: Verb): Fields {
  const { properties = {}, required = [] } = toJsonSchema(input, "input") as Partial<Fields>; // inputs are objects
  return { properties, required };
}

/** Makes a value that a schema allows, as far as its outline goes. */
function sample(schema: JsonSchema): unknown {
  const { type, properties, required, enum: words, anyOf, items, minimum, const: only, pattern } =
    schema as Readonly<
      Record<string, never>
    >; // read word by word
  if (only !== undefined) return only;
  if (Array.isArray(words)) return words[0];
  if (Array.isArray(anyOf)) return sample(anyOf[0] ?? {});
  if (type === "array") return items === undefined ? [] : [sample(items)];
  if (type === "integer" || type === "number") return minimum ?? 1;
  if (type === "boolean") return false;
  if (type === "string") return pattern === undefined ? "x" : "x1";
  const names: readonly string[] = required ?? [];
  return Object.fromEntries(names.map((name) => [name, sample(properties?.[name] ?? {})]));
}

/** Sends a verb by its route, with whatever fields. */
async function send(
  gateway: Gateway,
  verb: Verb,
  fields: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const rest = { ...fields };
  const path = verb.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name] ?? "x";
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  const isQuery = verb.method === "GET" || verb.method === "DELETE";
  const query = new URLSearchParams(Object.entries(rest).map(([key, value]) => [key, String(value)]));
  const body = verb.body === undefined ? rest : rest[verb.body.field] ?? rest;
  const response = await fetch(
    `http://${gateway.address}/api/v1${path}${isQuery && query.size > 0 ? `?${query}` : ""}`,
    {
      method: verb.method,
      headers: { "x-api-key": gateway.apiKey, "content-type": "application/json" },
      body: isQuery ? undefined : JSON.stringify(body),
      redirect: "manual",
    },
  );
  return { status: response.status, ...JSON.parse(await response.text()) };
}

function demandRefusal(answer: Answer, what: string): void {
  ok(answer.status >= 400 && answer.status < 500, `${what}: ${JSON.stringify(answer).slice(0, 400)}`);
  ok(isErrorCode(answer.code), what);
  ok(answer.remedy.length > 0, what);
}

/** Values that are of no right type, by the type that is wanted. */
function wrongFor({ type, anyOf }: JsonSchema, isQuery: boolean): readonly unknown[] {
  if (Array.isArray(anyOf) || type === undefined) return [];
  if (isQuery) {
    return type === "integer" || type === "boolean" ? ["many", "", "-1", "1e400", "0x10", "1.5"] : [];
  }
  const all: Readonly<Record<string, readonly unknown[]>> = {
    string: [42, null, [], {}],
    integer: ["many", 1.5, [], {}, -1e300],
    number: ["many", [], {}],
    boolean: ["maybe", 7, []],
    array: [42, "x", {}],
    object: [42, "x", []],
  };
  return all[String(type)] ?? [];
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    return error instanceof GatewayError ? error.code : `${error}`;
  }
}

Deno.test("no verb takes bad input, and none breaks over it", async (t) => {
  await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "memory", "ready");
  const before = await workspace.read();
  const key = { "x-api-key": gateway.apiKey };
  const [hostname = "", port = ""] = gateway.address.split(":");

  for (const [name, verb] of ALL) {
    const { properties, required } = fieldsOf(verb);
    const valid = Object.fromEntries(required.map((field) => [field, sample(properties[field] ?? {})]));
    const isQuery = verb.method === "GET" || verb.method === "DELETE";
    // Of a body that is one field the fields are that field's own affair.
    const isWhole = verb.body === undefined;

    await t.step(`${name}: a field that nobody knows`, async () => {
      if (!isWhole) return;
      const answer = await send(gateway, verb, { ...valid, zz_unknown: "1" });
      demandRefusal(answer, name);
      strictEqual(answer.code, "MCPX_INVALID_INPUT");
      match(answer.error, /zz_unknown/);
    });

    await t.step(`${name}: values of the wrong type`, async () => {
      for (const [field, schema] of Object.entries(properties)) {
        if (verb.path.includes(`{${field}}`) || !isWhole) continue;
        for (const value of wrongFor(schema, isQuery)) {
          demandRefusal(await send(gateway, verb, { ...valid, [field]: value }), `${name} ${field}=${value}`);
        }
      }
    });

    await t.step(`${name}: a body that is none`, async () => {
      // To say what is wrong with a config is this verb's work.
      if (isQuery || name === "config.validate") return;
      const url = `http://${gateway.address}/api/v1${verb.path.replaceAll(/\{\w+\}/g, "x")}`;
      for (const body of ["{", "[]", "7", "null", '"x"', "\0", "[".repeat(20_000)]) {
        const response = await fetch(url, {
          method: verb.method,
          headers: { ...key, "content-type": "application/json" },
          body,
        });
        demandRefusal({ status: response.status, ...await response.json() }, `${name} ${body.slice(0, 10)}`);
      }
      const text = await fetch(url, {
        method: verb.method,
        headers: { ...key, "content-type": "text/plain" },
        body: "{}",
      });
      strictEqual(text.status, 415);
      await text.body?.cancel();
    });

    await t.step(`${name}: a method that the route does not have`, async () => {
      const url = `http://${gateway.address}/api/v1${verb.path.replaceAll(/\{\w+\}/g, "x")}`;
      const response = await fetch(url, { method: "PROPFIND", headers: key });
      strictEqual(response.status, 405, await response.text());
      ok(response.headers.get("allow")?.includes(verb.method));
    });

    await t.step(`${name}: a caller without the right hears which one it is`, async () => {
      if (verb.role === "agent") return;
      const caller = { role: "agent", label: "test", surface: "library" } as const;
      // Rights come before input, so any input does.
      const request = gateway.management.request(name, {} as never, { caller });
      const error = await request.then(() => undefined, (thrown) => thrown);
      ok(error instanceof GatewayError, name);
      deepStrictEqual([error.code, error.details.role], ["MCPX_FORBIDDEN", verb.role]);
      ok(error.message.includes(verb.role));
    });
  }

  await t.step("raw paths that climb or are cut go nowhere", async () => {
    for (const path of RAW_PATHS) {
      const answer = await sendRaw(hostname, Number(port), { path, headers: key });
      ok([400, 404].includes(answer.status), `${path}: ${answer.status}`);
      ok(!/root:|SQLite/.test(answer.body) && !answer.body.includes(gateway.apiKey), path);
    }
  });
  strictEqual(await workspace.read(), before, "nothing was changed by all that");
  strictEqual((await gateway.management.request("servers.get", { name: "memory" })).status, "ready");
});

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

const RAW_PATHS = [
  "/api/v1/servers/../../etc/passwd",
  "/api/v1/servers/..%2f..%2fetc%2fpasswd",
  "/api/v1/servers/%2e%2e%2f%2e%2e%2fapi_key/logs",
  "/api/v1/servers/%00/logs",
  "/api/v1/servers/%zz",
  "/api/v1/servers/%c0%ae%c0%ae/logs",
  "/ui/../api_key",
  "/ui/..%2fapi_key",
  "/ui/%2e%2e/%2e%2e/mcpproxy.db",
  "/docs/../../api_key",
  "/docs/%2e%2e%2fapi_key",
  "//api/v1/servers",
  "/api/v1//servers",
];

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
