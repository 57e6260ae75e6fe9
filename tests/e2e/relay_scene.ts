import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { Gateway } from "../../mod.ts";
import { openTestGateway, openWorkspace, reference, waitForStatus } from "../support/workspace.ts";

/** A message, or a part of one. */
export type Json = Record<string, unknown>;
/** What has a name. */
export type Named = { readonly name: string };

/** How the fields begin that the protocol has in `_meta`. */
export const PREFIX = "io.modelcontextprotocol/";

/** A modern server that wants to know a name before it answers. */
function serveModern() {
  const seen: Json[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { id, method, params = {} } = await request.json() as {
      id?: unknown;
      method: string;
      params?: Json;
    };
    seen.push({ method, ...params });
    if (id === undefined) return new Response(null, { status: 202 });
    const say = (result: unknown) => Response.json({ jsonrpc: "2.0", id, result });
    if (request.headers.get("mcp-protocol-version") !== "2026-07-28") {
      const error = { code: -32022, message: "no", data: { supported: ["2026-07-28"] } };
      return Response.json({ jsonrpc: "2.0", id, error }, { status: 400 });
    }
    switch (method) {
      case "server/discover":
        return say({
          resultType: "complete",
          supportedVersions: ["2026-07-28"],
          capabilities: { tools: {}, "x-future": { deep: [1] } },
          _meta: { [`${PREFIX}serverInfo`]: { name: "modern", version: "1" } },
        });
      case "tools/list":
        return say({
          resultType: "complete",
          ttlMs: 5,
          cacheScope: "public",
          tools: [{ name: "greet", inputSchema: { type: "object" }, "x-vendor": { kept: true } }],
        });
      case "tools/call": {
        const { inputResponses, requestState } = params as { inputResponses?: Json; requestState?: string };
        if (inputResponses === undefined) {
          return say({
            resultType: "input_required",
            requestState: "opaque",
            inputRequests: {
              who: {
                method: "elicitation/create",
                params: {
                  mode: "form",
                  message: "Who?",
                  requestedSchema: { type: "object", properties: {} },
                },
              },
            },
          });
        }
        const who = inputResponses.who as { content?: { name?: string } };
        const text = `hello ${who.content?.name} ${requestState}`;
        return say({ resultType: "complete", content: [{ type: "text", text }], "x-result": { big: 1 } });
      }
      default:
        return Response.json({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } }, { status: 404 });
    }
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/mcp`,
    seen,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** A gateway with servers of both eras. */
export async function openServers() {
  await using stack = new AsyncDisposableStack();
  const modern = stack.use(serveModern());
  const workspace = stack.use(await openWorkspace());
  const config = {
    listen: "127.0.0.1:0",
    profiles: [{ name: "one", servers: ["modern"] }],
    mcpServers: [
      reference("everything"),
      reference("everything", { entry: { name: "own", connection: "session" } }),
      { name: "modern", url: modern.url, quarantined: false },
    ],
  };
  await workspace.write(config);
  const gateway = stack.use(await openTestGateway(workspace));
  for (const name of ["everything", "own", "modern"]) await waitForStatus(gateway, name, "ready");
  const owned = stack.move();
  return { gateway, workspace, config, modern, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Where an endpoint is. */
export const at = (gateway: Gateway, path: string) => new URL(path, gateway.mcpUrl);

/** A legacy client that answers whatever it is asked. */
export async function connect(gateway: Gateway, path: string, name = "Ada") {
  const client = new Client({ name: "e2e", version: "1" }, {
    capabilities: { sampling: {}, elicitation: { form: {} }, roots: { listChanged: true } },
  });
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: "assistant",
    model: "m",
    content: { type: "text", text: `sampled by ${name}` },
  }));
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept", content: { name } }));
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: `file:///${name}`, name }] }));
  const transport = new StreamableHTTPClientTransport(at(gateway, path), {
    requestInit: { headers: { "x-api-key": gateway.apiKey } },
  });
  await client.connect(transport);
  return {
    client,
    text: async (tool: string, args: Json = {}) => {
      const { content } = await client.callTool({ name: tool, arguments: args }) as {
        content: { text: string }[];
      };
      return content.map(({ text }) => text).join("\n");
    },
    async [Symbol.asyncDispose]() {
      await transport.terminateSession().catch(() => {});
      await client.close();
    },
  };
}

/** Sends one request of a modern client. */
export async function modernly(
  gateway: Gateway,
  path: string,
  method: string,
  params: Json,
  capabilities: Json = {},
) {
  const _meta = {
    [`${PREFIX}protocolVersion`]: "2026-07-28",
    [`${PREFIX}clientInfo`]: { name: "raw", version: "1" },
    [`${PREFIX}clientCapabilities`]: capabilities,
  };
  const name = params.name ?? params.uri;
  return await fetch(at(gateway, path), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "x-api-key": gateway.apiKey,
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(typeof name === "string" ? { "mcp-name": name } : {}),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 7, method, params: { ...params, _meta } }),
  });
}

/** The last message of an answer, in whichever form it came. */
export async function lastOf(response: Response): Promise<Json> {
  const text = await response.text();
  if (!response.headers.get("content-type")?.includes("event-stream")) return JSON.parse(text);
  return JSON.parse(text.split("\n").filter((line) => line.startsWith("data: {")).at(-1)?.slice(6) ?? "null");
}
