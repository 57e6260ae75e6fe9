import { ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { eraOf } from "../../../lib/mcp/era.ts";
import { readMessage, RpcFault, type RpcRequest } from "../../../lib/mcp/jsonrpc.ts";

const META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "c", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
const NONE = { version: null, method: null, name: null };

function call(params: Record<string, unknown>, method = "tools/call"): RpcRequest {
  return { jsonrpc: "2.0", id: 1, method, params };
}

function fault(code: number): (error: RpcFault) => boolean {
  return (error) => {
    strictEqual(error.code, code);
    strictEqual(error.status, 400);
    return true;
  };
}

Deno.test("eraOf() takes a request without envelope as legacy", () => {
  strictEqual(eraOf(call({ protocolVersion: "2025-11-25" }, "initialize"), NONE), "legacy");
  strictEqual(eraOf(call({ name: "x" }), { ...NONE, version: "2025-06-18" }), "legacy");
});

Deno.test("eraOf() takes a request with envelope and headers as modern", () => {
  const headers = { version: "2026-07-28", method: "tools/call", name: "echo" };
  strictEqual(eraOf(call({ name: "echo", _meta: META }), headers), "modern");
  const list = { version: "2026-07-28", method: "tools/list", name: null };
  strictEqual(eraOf(call({ _meta: META }, "tools/list"), list), "modern");
});

Deno.test("eraOf() reads names outside ASCII from their Base64 form", () => {
  const name = "=?base64?w6RiYw==?=";
  strictEqual(
    eraOf(call({ name: "äbc", _meta: META }), { version: "2026-07-28", method: "tools/call", name }),
    "modern",
  );
  throws(
    () =>
      eraOf(call({ name: "äbc", _meta: META }), {
        version: "2026-07-28",
        method: "tools/call",
        name: "=?base64?!?=",
      }),
    fault(-32020),
  );
});

Deno.test("eraOf() refuses headers that disagree with the body", () => {
  const ok = { version: "2026-07-28", method: "tools/call", name: "echo" };
  const request = call({ name: "echo", _meta: META });
  throws(() => eraOf(request, { ...ok, name: "other" }), fault(-32020));
  throws(() => eraOf(request, { ...ok, name: null }), fault(-32020));
  throws(() => eraOf(request, { ...ok, method: "tools/list" }), fault(-32020));
  throws(() => eraOf(request, { ...ok, method: null }), fault(-32020));
  throws(() => eraOf(request, { ...ok, version: null }), fault(-32020));
  throws(() => eraOf(request, { ...ok, version: "2025-11-25" }), fault(-32020));
  throws(() => eraOf(call({}, "initialize"), { ...NONE, version: "2026-07-28" }), fault(-32020));
});

Deno.test("eraOf() refuses an incomplete envelope and an unknown version", () => {
  const { "io.modelcontextprotocol/clientInfo": _client, ...unnamed } = META;
  const { "io.modelcontextprotocol/clientCapabilities": _gone, ...partial } = META;
  const headers = { version: "2026-07-28", method: "tools/list", name: null };
  strictEqual(eraOf(call({ _meta: unnamed }, "tools/list"), headers), "modern");
  throws(() => eraOf(call({ _meta: partial }, "tools/list"), headers), fault(-32602));
  throws(() => eraOf(call({}, "tools/list"), headers), fault(-32602));
  const future = { ...META, "io.modelcontextprotocol/protocolVersion": "2030-01-01" };
  throws(
    () => eraOf(call({ _meta: future }, "tools/list"), { ...headers, version: "2030-01-01" }),
    fault(-32022),
  );
});

Deno.test("readMessage() tells messages apart and names what is wrong", () => {
  const kinds = [
    { jsonrpc: "2.0", id: "a", method: "ping" },
    { jsonrpc: "2.0", method: "notifications/x" },
    { jsonrpc: "2.0", id: 1, result: {} },
    { jsonrpc: "1.0", id: 1, method: "ping" },
    { jsonrpc: "2.0", id: null, method: "ping" },
    { jsonrpc: "2.0", id: 1, method: 5 },
    { jsonrpc: "2.0", id: 1, method: "x", params: [] },
    null,
    "text",
  ].map((value) => readMessage(value).kind).join(" ");
  strictEqual(kinds, "request notification response invalid invalid invalid invalid invalid invalid");
});

Deno.test("eraOf() gives an era or its own fault for any message and headers", () => {
  const word = fc.oneof(
    fc.constantFrom("2026-07-28", "2025-11-25", "tools/call", "initialize", "x", "=?base64?eA==?=", ""),
    fc.string({ maxLength: 12 }),
  );
  const header = fc.option(word);
  const meta = fc.dictionary(
    fc.oneof(fc.constantFrom(...Object.keys(META), "progressToken"), fc.string()),
    fc.oneof(word, fc.object(), fc.anything()),
  );
  const params = fc.record({ name: fc.oneof(word, fc.anything()), uri: word, taskId: word, _meta: meta }, {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(
      word,
      params,
      fc.record({ version: header, method: header, name: header }),
      (method, given, headers) => {
        try {
          const era = eraOf({ jsonrpc: "2.0", id: 1, method, params: given }, headers);
          ok(era === "legacy" || era === "modern");
        } catch (error) {
          ok(error instanceof RpcFault && error.status === 400, String(error));
        }
      },
    ),
    { numRuns: 10_000 },
  );
});

Deno.test("eraOf() writes nothing of a version that is no text", () => {
  const meta = { ...META, "io.modelcontextprotocol/protocolVersion": { toString: null } };
  const headers = { version: "2026-07-28", method: "tools/list", name: null };
  throws(() => eraOf(call({ _meta: meta }, "tools/list"), headers), fault(-32020));
});
