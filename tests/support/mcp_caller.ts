/**
 * A bare MCP client of a legacy revision, which shows answers as they come.
 *
 * @module
 */

/** One answer: its HTTP status and what JSON-RPC says. */
export interface McpAnswer {
  readonly status: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** A client with a session at one endpoint. */
export interface McpCaller {
  readonly session: string;
  ask(method: string, params?: unknown): Promise<McpAnswer>;
  /** Opens the standing stream. */
  listen(): Promise<Response>;
}

/** Sends one message. */
export async function sendMcp(
  url: string,
  message: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly answer: McpAnswer; readonly session: string }> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body: JSON.stringify(message),
  });
  const session = response.headers.get("mcp-session-id") ?? "";
  return { answer: { status: response.status, ...toBody(await response.text()) }, session };
}

function toBody(text: string): Omit<McpAnswer, "status"> {
  const data = text.startsWith("{") ? text : /^data: (\{.*)$/m.exec(text)?.[1];
  return data === undefined ? {} : JSON.parse(data);
}

/** Opens a session. @returns The refusal if there is none to have. */
export async function openMcp(url: string, token?: string): Promise<McpCaller | McpAnswer> {
  const key: Record<string, string> = token === undefined ? {} : { "x-api-key": token };
  const clientInfo = { name: "test-client", version: "1.2.3" };
  const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo };
  const opened = await sendMcp(url, { jsonrpc: "2.0", id: 0, method: "initialize", params }, key);
  if (opened.session === "") return opened.answer;
  const headers = { ...key, "mcp-session-id": opened.session };
  let id = 1;
  return {
    session: opened.session,
    ask: async (method, params = {}) =>
      (await sendMcp(url, { jsonrpc: "2.0", id: id++, method, params }, headers)).answer,
    listen: () => fetch(url, { headers: { ...headers, accept: "text/event-stream" } }),
  };
}

/** Opens a session that there must be. */
export async function mustOpenMcp(url: string, token?: string): Promise<McpCaller> {
  const opened = await openMcp(url, token);
  if ("session" in opened) return opened;
  throw new Error(`Cannot open a session at ${url}: ${JSON.stringify(opened)}`);
}
