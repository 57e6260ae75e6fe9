/**
 * A legacy client at one endpoint of a gateway, for tests that say what an
 * agent sees.
 *
 * @module
 */

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** A connected client. */
export interface TestClient extends AsyncDisposable {
  readonly client: Client;
  toolNames(): Promise<string[]>;
  call(name: string, args?: Readonly<Record<string, unknown>>): Promise<TestResult>;
  /** Calls a tool and reads its first text as JSON. */
  // deno-lint-ignore no-explicit-any -- answers of many shapes, each checked by the test that asks
  json(name: string, args?: Readonly<Record<string, unknown>>): Promise<any>;
}

/** A result of a call. */
export interface TestResult {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly isError?: boolean;
  readonly structuredContent?: unknown;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** Connects a client to an endpoint such as `/mcp/call`. */
export async function connectClient(
  { mcpUrl, apiKey, path, name = "e2e" }: {
    readonly mcpUrl: string;
    readonly apiKey: string;
    readonly path: string;
    readonly name?: string;
  },
): Promise<TestClient> {
  const client = new Client({ name, version: "1" });
  const transport = new StreamableHTTPClientTransport(new URL(path, mcpUrl), {
    requestInit: { headers: { "x-api-key": apiKey } },
  });
  await client.connect(transport);
  // The client's own type allows for forms that no revision in use has.
  const call = async (name: string, args = {}) =>
    await client.callTool({ name, arguments: args }) as unknown as TestResult;
  return {
    client,
    toolNames: async () => (await client.listTools()).tools.map(({ name }: { name: string }) => name),
    call,
    json: async (name, args) => JSON.parse((await call(name, args)).content[0]?.text ?? ""),
    async [Symbol.asyncDispose]() {
      await transport.terminateSession().catch(() => {});
      await client.close();
    },
  };
}
