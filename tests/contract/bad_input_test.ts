/**
 * Bad input for every verb, made from the contract: whatever is sent, the
 * answer is a refusal with a code, the same one on every surface.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { GatewayError, isErrorCode, type JsonSchema, type Verb } from "../../lib/contracts/mod.ts";
import type { Gateway } from "../../mod.ts";
import { sendRaw } from "../support/raw_http.ts";
import { ALL, fieldsOf, sample } from "../support/verb_input.ts";
import { openTestGateway, openWorkspace, reference, waitForStatus } from "../support/workspace.ts";

interface Answer {
  readonly status: number;
  readonly code: string;
  readonly error: string;
  readonly remedy: string;
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
