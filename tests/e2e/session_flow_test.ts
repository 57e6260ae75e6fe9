import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { type HttpTools, serveHttpTools } from "../support/fixtures/http_tools.ts";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";

type Json = Readonly<Record<string, unknown>>;

const READS = { readOnlyHint: true };
const WRITES = { readOnlyHint: false, destructiveHint: false };

interface Scene extends AsyncDisposable {
  readonly daemon: Daemon;
  readonly workspace: Workspace;
  readonly mail: HttpTools;
  /** Opens a session in which an agent calls by `call_tool_*`. */
  agent(): Promise<(variant: string, name: string, args?: Json) => Promise<string>>;
  rest(method: string, path: string, body?: unknown): Promise<{ status: number; text: string }>;
  /** Puts other rules in force. */
  rule(flow: Json): Promise<void>;
}

/** Two servers: one holds what strangers have written, the other sends it anywhere. */
async function openScene(flow: Json): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const inbox = stack.use(serveHttpTools({ read: { annotations: READS }, mark: { annotations: WRITES } }));
  const mail = stack.use(serveHttpTools({
    send: { annotations: WRITES },
    vouched: { annotations: { ...READS, openWorldHint: false } },
  }));
  const servers = { mcpServers: [inbox.entry("inbox"), mail.entry("mail")] };
  const workspace = stack.use(await openWorkspace({ ...servers, session_flow: flow }));
  const daemon = stack.use(await startDaemon(workspace));
  await daemon.seen(/✓ inbox/);
  await daemon.seen(/✓ mail/);
  const owned = stack.move();
  const rest: Scene["rest"] = async (method, path, body) => {
    const response = await fetch(`${daemon.url}/api/v1${path}`, {
      method,
      headers: { "x-api-key": daemon.apiKey, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  };
  return {
    daemon,
    workspace,
    mail,
    rest,
    async agent() {
      const mcp = await mustOpenMcp(daemon.mcpUrl, daemon.apiKey);
      return async (variant, name, args = {}) => {
        const params = { name: `call_tool_${variant}`, arguments: { name, args } };
        return JSON.stringify((await mcp.ask("tools/call", params)).result);
      };
    },
    async rule(next) {
      const { status, text } = await rest("PATCH", "/config", { session_flow: next });
      strictEqual(status, 200, text);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const sent = ({ asked }: HttpTools) => asked.filter((method) => method === "tools/call").length;

/** Records of a tool, once one of them is as wanted. */
async function recordOf({ rest }: Scene, tool: string, isWanted: (record: Json) => boolean): Promise<Json> {
  for (;;) {
    const { text } = await rest("GET", `/activity?tool=${tool}&limit=100`);
    const found = JSON.parse(text).data.activities.find(isWanted);
    if (found !== undefined) return found;
  }
}

Deno.test("with ask, an agent that has read on one server writes to another only with a person's consent", async (t) => {
  await using scene = await openScene({ policy: "ask" });
  const { daemon, mail } = scene;
  const call = await scene.agent();
  const send = (text: string) => call("write", "mail:send", { text });

  await t.step("before it has read anything it may write, and afterwards where it has read", async () => {
    const fresh = await scene.agent();
    match(await fresh("write", "mail:send"), /"send"/);
    match(await call("read", "inbox:read"), /"read"/);
    match(await call("write", "inbox:mark"), /"mark"/);
    match(await call("read", "mail:vouched"), /"vouched"/);
  });

  let id = "";
  await t.step("then writing elsewhere is refused, and says what a person types", async () => {
    const before = sent(mail);
    const answer = await send("secret");
    match(answer, /CONSENT_REQUIRED/);
    match(answer, /MCPX_CONSENT_REQUIRED/);
    match(answer, /read text from \\+"inbox/);
    [, id = ""] = /mcpproxy consent allow (c-[0-9a-f]{8})/.exec(answer) ?? [];
    ok(id !== "", answer);
    ok((await send("secret")).includes(id), "the same call is asked about once");
    strictEqual(sent(mail), before);
    const record = await recordOf(scene, "send", ({ error_code }) => error_code === "MCPX_CONSENT_REQUIRED");
    deepStrictEqual([record.status, record.type], ["blocked", "policy_decision"]);
    deepStrictEqual((record.metadata as Json).session_flow, { policy: "ask", sources: ["inbox"] });
    const events = await daemon.json(["events", "-t", "consent", "-n", "10"]) as { type: string }[];
    ok(events.some(({ type }) => type === "consent.required"), JSON.stringify(events));
  });

  await t.step("a person sees it, allows it once, and this very call passes", async () => {
    const { stdout } = await daemon.cli(["consent", "list"]);
    match(stdout, new RegExp(`${id} +pending +mail:send +inbox .*secret`));
    match((await daemon.cli(["consent", "show", id])).stdout, /After reading +inbox/);
    match(await send("something else"), /MCPX_CONSENT_REQUIRED/);
    match((await daemon.cli(["consent", "allow", id])).stdout, /Allowed this call of mail:send, once/);
    match(await send("secret"), /"send"/);
    match(await send("secret"), /MCPX_CONSENT_REQUIRED/);
  });

  await t.step("what is denied stays denied; for a session it may write there", async () => {
    const { consents } = JSON.parse((await scene.rest("GET", "/consents?status=pending")).text).data;
    for (const one of consents) strictEqual((await daemon.cli(["consent", "deny", one.id])).code, 0);
    match(await send("secret"), /MCPX_FLOW_BLOCKED/);
    const [, next = ""] = /allow (c-\w+)/.exec(await send("a third")) ?? [];
    strictEqual((await scene.rest("POST", `/consents/${next}/allow`, { for: "session" })).status, 200);
    for (const text of ["a third", "a fourth"]) match(await send(text), /"send"/);
    match(await send("secret"), /MCPX_FLOW_BLOCKED/);
    strictEqual((await daemon.cli(["consent", "deny", next])).code, 0);
    match(await send("a fifth"), /MCPX_CONSENT_REQUIRED/);
  });

  await t.step(
    "another session has read nothing, and a person with the admin's right is not asked",
    async () => {
      const other = await scene.agent();
      match(await other("write", "mail:send"), /"send"/);
      for (const tool of ["inbox:read", "mail:send"]) {
        strictEqual((await daemon.cli(["call", "tool", tool])).code, 0);
      }
    },
  );

  await t.step("an agent with a token over REST is one agent", async () => {
    const { token } = JSON.parse(
      (await scene.rest("POST", "/tokens", { name: "robot", permissions: ["read", "write"] })).text,
    ).data;
    const use = async (tool_name: string) => {
      const response = await fetch(`${daemon.url}/api/v1/tools/call`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ tool_name, arguments: {} }),
      });
      return await response.text();
    };
    match(await use("mail:send"), /"send"/);
    match(await use("inbox:read"), /"read"/);
    match(await use("mail:send"), /MCPX_CONSENT_REQUIRED/);
    const denied = await fetch(`${daemon.url}/api/v1/consents`, {
      headers: { authorization: `Bearer ${token}` },
    });
    strictEqual(denied.status, 403);
    await denied.body?.cancel();
  });
});

Deno.test("annotate notes it in the record, block refuses, off does nothing; servers may be vouched for", async (t) => {
  await using scene = await openScene({});
  const { mail } = scene;

  await t.step("annotate is the default, and passes everything on", async () => {
    const call = await scene.agent();
    await call("read", "inbox:read");
    match(await call("write", "mail:send", { n: 1 }), /"send"/);
    const { metadata } = await recordOf(scene, "send", ({ status }) => status === "success");
    deepStrictEqual((metadata as Json).session_flow, { policy: "annotate", sources: ["inbox"] });
  });

  await t.step("block refuses", async () => {
    await scene.rule({ policy: "block" });
    const call = await scene.agent();
    await call("read", "mail:vouched");
    match(await call("write", "inbox:mark"), /"mark"/, "a tool that reaches nothing outside is vouched for");
    await call("read", "inbox:read");
    const before = sent(mail);
    match(
      await call("write", "mail:send"),
      /MCPX_FLOW_BLOCKED.*the config allows no writing|no writing.*MCPX_FLOW_BLOCKED/,
    );
    strictEqual(sent(mail), before);
  });

  await t.step("text of a server that is vouched for asks for nothing", async () => {
    await scene.rule({ policy: "block", trusted_sources: ["inbox"] });
    const call = await scene.agent();
    await call("read", "inbox:read");
    match(await call("write", "mail:send"), /"send"/);
  });

  await t.step("off keeps account of nothing", async () => {
    await scene.rule({ policy: "off", trusted_sources: [] });
    const call = await scene.agent();
    await call("read", "inbox:read");
    await scene.rule({ policy: "block" });
    match(await call("write", "mail:send"), /"send"/);
  });

  await t.step("a policy that is none is refused with words", async () => {
    const { status, text } = await scene.rest("PATCH", "/config", { session_flow: { policy: "perhaps" } });
    strictEqual(status, 400);
    match(text, /session_flow\W+policy/);
  });
});

Deno.test("with ask_client the client puts the question to its user", async () => {
  await using scene = await openScene({ policy: "ask", ask_client: true });
  const { daemon, mail } = scene;
  const client = new Client({ name: "asks", version: "1" }, { capabilities: { elicitation: { form: {} } } });
  const answers = ["this call", "no", "this session"];
  const asked: string[] = [];
  client.setRequestHandler(
    ElicitRequestSchema,
    ({ params }: { readonly params: { readonly message: string } }) => {
      asked.push(params.message);
      return { action: "accept", content: { allow: answers.shift() ?? "no" } };
    },
  );
  const transport = new StreamableHTTPClientTransport(new URL(`${daemon.mcpUrl}/all`), {
    requestInit: { headers: { "x-api-key": daemon.apiKey } },
  });
  await client.connect(transport);
  const call = async (name: string, args: Record<string, unknown> = {}) =>
    JSON.stringify(await client.callTool({ name, arguments: args }));

  await call("inbox__read");
  match(await call("mail__send", { n: 1 }), /"send"/);
  match(await call("mail__send", { n: 2 }), /MCPX_FLOW_BLOCKED/);
  match(await call("mail__send", { n: 3 }), /"send"/);
  match(await call("mail__send", { n: 4 }), /"send"/);

  strictEqual(asked.length, 3);
  match(asked[0] ?? "", /read text from inbox and wants to call mail:send, which writes, with \{"n":1\}/);
  strictEqual(sent(mail), 3);
  await transport.terminateSession();
  await client.close();
});
