import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client as SdkClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as SdkTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Gateway } from "../../mod.ts";

/** How the clients call themselves. */
export const CLIENT = { name: "e2e", version: "1" };

/** Arguments of a call. */
export type Arguments = Record<string, unknown>;
interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number; total?: number }) => void;
}
/** A result of either generation. */
export interface Result {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly [key: string]: unknown;
}

/** What the suite asks of each client. */
interface Subject extends AsyncDisposable {
  readonly version: string | undefined;
  readonly serverName: string | undefined;
  readonly instructions: string | undefined;
  toolNames(): Promise<string[]>;
  call(name: string, args: Arguments, options?: CallOptions): Promise<Result>;
}

/** Opens a session, `undefined` fields being those the client cannot tell. */
export type Connect = (gateway: Gateway) => Promise<Subject>;

const headersOf = ({ apiKey }: Gateway) => ({ requestInit: { headers: { "x-api-key": apiKey } } });

/** Opens a session of the 1.x client. */
export async function connectSdk(gateway: Gateway): Promise<Subject> {
  const client = new SdkClient(CLIENT);
  const transport = new SdkTransport(new URL(gateway.mcpUrl), headersOf(gateway));
  await client.connect(transport);
  return {
    version: transport.protocolVersion,
    serverName: client.getServerVersion()?.name,
    instructions: client.getInstructions(),
    toolNames: async () => (await client.listTools()).tools.map(({ name }: { name: string }) => name),
    // Both generations of the result type fit what the suite looks at.
    call: async (name, args, options) =>
      await client.callTool({ name, arguments: args }, undefined, options) as unknown as Result,
    async [Symbol.asyncDispose]() {
      await transport.terminateSession().catch(() => {}); // the gateway may have gone first
      await client.close();
    },
  };
}

/** Gives the way to open a session of the 2.x client. */
export function connectModern(mode: "legacy" | "auto"): Connect {
  return async (gateway) => {
    const client = new ModernClient(CLIENT, { versionNegotiation: { mode } });
    const transport = new ModernTransport(new URL(gateway.mcpUrl), headersOf(gateway));
    await client.connect(transport);
    return {
      version: client.getNegotiatedProtocolVersion(),
      serverName: client.getServerVersion()?.name,
      instructions: client.getInstructions(),
      toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
      // Both generations of the result type fit what the suite looks at.
      call: async (name, args, options) =>
        await client.callTool({ name, arguments: args }, options) as unknown as Result,
      async [Symbol.asyncDispose]() {
        if (mode === "legacy") await transport.terminateSession();
        await client.close();
      },
    };
  };
}

/** A server whose one tool never answers. */
export const SLOW = {
  name: "slow",
  command: "node",
  args: [new URL("slow_server.mjs", import.meta.url).pathname],
  quarantined: false,
};

/** Reads the JSON that the gateway's own tools answer with. */
export function jsonOf(result: Result) {
  return JSON.parse(result.content[0]?.text ?? "");
}
