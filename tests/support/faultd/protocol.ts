import { type Message, paramsOf, type Script } from "./script.ts";

const MODERN = "2026-07-28";
const LEGACY = "2025-11-25";
const PREFIX = "io.modelcontextprotocol/";
const SERVER_INFO = { name: "faultd", version: "1.0.0" };
const CAPABILITIES = { tools: { listChanged: true } };

/** What a server without fault answers to a request; `undefined` for a request that stays open. */
export function answerTo(request: Message, script: Script): Message | undefined {
  const { id, method } = request;
  const answer = (result: unknown) => ({ jsonrpc: "2.0", id, result });
  const refuse = (code: number, message: string, data?: unknown) => ({
    jsonrpc: "2.0",
    id,
    error: { code, message, data },
  });
  const { era = "legacy" } = script;
  const meta = paramsOf({ params: paramsOf(request)._meta });
  const isModern = meta[`${PREFIX}protocolVersion`] === MODERN;
  if (era === "modern" && !isModern) {
    return refuse(-32022, "Unsupported protocol version", { supported: [MODERN] });
  }
  switch (method) {
    case "initialize":
      return answer({ protocolVersion: LEGACY, capabilities: CAPABILITIES, serverInfo: SERVER_INFO });
    case "server/discover":
      return era === "legacy" ? refuse(-32601, "Method not found") : answer({
        resultType: "complete",
        supportedVersions: [MODERN],
        capabilities: CAPABILITIES,
        _meta: { [`${PREFIX}serverInfo`]: SERVER_INFO },
      });
    case "subscriptions/listen":
      return era === "legacy" ? refuse(-32601, "Method not found") : undefined;
    case "ping":
      return answer({});
    case "tools/list":
      return answer({ ...(isModern ? { resultType: "complete" } : {}), tools: toolsOf(script) });
    case "tools/call":
      return answer({ ...(isModern ? { resultType: "complete" } : {}), ...echo(request) });
    default:
      return refuse(-32601, "Method not found");
  }
}

/** What tells the client of a listening request that it is heard. */
export function acknowledgement(request: Message): Message {
  return {
    jsonrpc: "2.0",
    method: "notifications/subscriptions/acknowledged",
    params: {
      notifications: paramsOf(request).notifications,
      _meta: { [`${PREFIX}subscriptionId`]: request.id },
    },
  };
}

function toolsOf({ tools = [] }: Script): unknown[] {
  return ["echo", "fault", ...tools].map((tool) =>
    typeof tool !== "string" ? tool : {
      name: tool,
      description: `Gives its arguments back; ${tool}`,
      inputSchema: { type: "object" },
      annotations: { readOnlyHint: true },
    }
  );
}

function echo(request: Message): Message {
  const { name, arguments: args } = paramsOf(request);
  return { content: [{ type: "text", text: `${name}: ${JSON.stringify(args ?? {})}` }] };
}
