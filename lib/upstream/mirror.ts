import type { ToolDefinition } from "../contracts/mod.ts";
import { mirror, type ParamHeader, paramHeaders } from "./param_headers.ts";
import type { RequestOptions } from "./request_options.ts";

type Params = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string>> | undefined;

/** Mirrors arguments of tool calls into headers, as modern servers over HTTP ask for. */
export interface Mirror {
  /** Takes the tools of a list; those whose headers are wrong are left out. */
  learn(tools: readonly ToolDefinition[]): ToolDefinition[];
  /** Sends a request with the headers that it needs; learns from a page of tools. */
  request(
    method: string,
    params: Params | undefined,
    options: RequestOptions,
    send: (headers: Headers) => Promise<unknown>,
  ): Promise<unknown>;
}

/** Creates the mirror of one connection; one that is not needed passes everything on. */
export function createMirror(isNeeded: boolean, onNote: (line: string) => void): Mirror {
  if (!isNeeded) {
    return { learn: (tools) => [...tools], request: (_method, _params, _options, send) => send(undefined) };
  }
  const known = new Map<string, readonly ParamHeader[]>();

  function learn(tools: readonly ToolDefinition[]): ToolDefinition[] {
    return tools.filter((tool) => {
      const headers = paramHeaders(tool);
      if (typeof headers === "string") {
        onNote(`[mcpproxy] left out tool "${tool.name}": ${headers}`);
        return false;
      }
      known.set(tool.name, headers);
      return true;
    });
  }

  return {
    learn,
    async request(method, params, { headers }, send) {
      if (method === "tools/list") return withKnown(await send(headers), learn);
      const name = method === "tools/call" ? params?.name : undefined;
      const wanted = typeof name === "string" ? known.get(name) ?? [] : [];
      if (wanted.length === 0) return await send(headers);
      return await send({ ...headers, ...mirror(wanted, params?.arguments) });
    },
  };
}

function withKnown(result: unknown, learn: Mirror["learn"]): unknown {
  if (typeof result !== "object" || result === null || !("tools" in result)) return result;
  const { tools } = result;
  if (!Array.isArray(tools)) return result;
  const isTool = (tool: unknown): tool is ToolDefinition =>
    typeof tool === "object" && tool !== null && "name" in tool && "inputSchema" in tool;
  return { ...result, tools: tools.filter((tool) => !isTool(tool) || learn([tool]).length > 0) };
}
