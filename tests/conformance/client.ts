/**
 * A client made of the gateway's upstream side, for the client scenarios:
 * connects to the server of a scenario and does there what it asks for.
 *
 *   client.ts <url>   with MCP_CONFORMANCE_SCENARIO, as the suites set it
 *
 * @module
 */

import { type ClientPeer, ServerConfigSchema } from "../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { openUpstream, type UpstreamConnection } from "../../lib/upstream/mod.ts";

type Json = Readonly<Record<string, unknown>>;

const CAPABILITIES = { sampling: {}, elicitation: {}, roots: {} };

/** Stands for a client of the gateway who accepts every form as it is proposed. */
const peer: ClientPeer = {
  id: "suite",
  client: "suite",
  capabilities: CAPABILITIES,
  takesInputRequired: true,
  request(method, params) {
    if (method === "elicitation/create") return Promise.resolve(acceptForm(params));
    return Promise.reject(Object.assign(new Error(`Method not found: ${method}`), { code: -32601 }));
  },
  notify: () => {},
};

/** Fills each field of a form with its default, or with something of its type. */
function acceptForm(params: unknown): Json {
  const { properties } = toJson(toJson(params).requestedSchema);
  const content = Object.entries(toJson(properties)).map(([name, field]) => {
    const { default: proposed, type } = toJson(field);
    return [name, proposed ?? (type === "boolean" ? true : type === "string" ? "text" : 1)];
  });
  return { action: "accept", content: Object.fromEntries(content) };
}

function toJson(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** A call, and again with answers as long as its result asks for input. */
async function call(connection: UpstreamConnection, name: string, args: Json = {}): Promise<Json> {
  let params: Json = { name, arguments: args };
  for (let round = 0; round < 5; round++) {
    const result = toJson(await connection.request("tools/call", params, { peer }));
    if (result.resultType !== "input_required") return result;
    const inputResponses = Object.fromEntries(
      Object.entries(toJson(result.inputRequests)).map((
        [key, asked],
      ) => [key, acceptForm(toJson(asked).params)]),
    );
    const { requestState } = result;
    params = {
      name,
      arguments: args,
      inputResponses,
      ...(requestState === undefined ? {} : { requestState }),
    };
  }
  throw new Error(`Cannot finish "${name}": it asks without end`);
}

const SCENARIOS: Readonly<Record<string, (connection: UpstreamConnection) => Promise<unknown>>> = {
  "initialize": (connection) => connection.listTools(),
  "tools_call": (connection) => call(connection, "add_numbers", { a: 5, b: 3 }),
  "elicitation-sep1034-client-defaults": (connection) => call(connection, "test_client_elicitation_defaults"),
  async "sse-retry"(connection) {
    // The suite's server answers the call on whichever stream opens next, so the standing one must come first.
    await connection.listTools();
    await connection.ping(5_000);
    await call(connection, "test_reconnection");
  },
  "request-metadata": (connection) => connection.request("tools/list", {}, { peer }),
  async "sep-2322-client-request-state"(connection) {
    await Promise.all([call(connection, "test_mrtr_echo_state"), call(connection, "test_mrtr_unrelated")]);
    await call(connection, "test_mrtr_no_state");
    await call(connection, "test_mrtr_no_result_type");
  },
  async "http-standard-headers"(connection) {
    for (const { name } of await connection.listTools()) await call(connection, name);
    for (const { uri } of await connection.listOffers("resources")) {
      await connection.request("resources/read", { uri });
    }
    for (const { name } of await connection.listOffers("prompts")) {
      await connection.request("prompts/get", { name });
    }
  },
  async "http-custom-headers"(connection) {
    await connection.listTools();
    const { toolCalls } = toJson(JSON.parse(Deno.env.get("MCP_CONFORMANCE_CONTEXT") ?? "{}"));
    for (const one of Array.isArray(toolCalls) ? toolCalls : []) {
      await call(connection, String(one.name), toJson(one.arguments));
    }
  },
  async "http-invalid-tool-headers"(connection) {
    for (const { name } of await connection.listTools()) await call(connection, name, { region: "here" });
  },
  "json-schema-ref-no-deref": (connection) => connection.listTools(),
  async "json-schema-2020-12-preservation"(connection) {
    const tools = await connection.listTools();
    const schema = tools.find(({ name }) => name === "json_schema_2020_12_tool")?.inputSchema;
    await call(connection, "json_schema_echo", { schema });
  },
  "sep-2640-client-no-prefetch": (connection) => connection.request("skills/list", {}, { peer }),
};

const scenario = Deno.env.get("MCP_CONFORMANCE_SCENARIO") ?? "";
const act = SCENARIOS[scenario];
if (act === undefined) throw new Error(`Cannot do scenario "${scenario}": it is not known here`);
await using connection = await openUpstream({
  platform: createDenoPlatform(),
  server: ServerConfigSchema.parse({ name: "suite", url: Deno.args[0] }),
  environment: {},
  cwd: undefined,
  signal: new AbortController().signal,
  timeoutMs: 10_000,
  clientInfo: { name: "mcpproxy", version: "0.0.0" },
  clientCapabilities: CAPABILITIES,
  peer,
  onNotification: () => {},
  onStderr: (line) => console.error(line),
  onClosed: (failure) => console.error(failure.message),
});
await act(connection);
