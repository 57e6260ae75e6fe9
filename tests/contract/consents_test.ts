import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { reference } from "../support/workspace.ts";
import { failsWith, runSuite, type Subject } from "./implementations.ts";

const TOKEN = `ghp_${"aB3dE5fG7hI9jK1lM2nO4pQ6rS8tU0vW1xY2"}`;

/** An agent that has read a resource of one server wants to write to another. */
async function wantToWrite({ gateway }: Subject, content: string) {
  const mcp = await mustOpenMcp(gateway.mcpUrl, gateway.apiKey);
  const ask = async (variant: string, name: string, args: unknown) => {
    const { result } = await mcp.ask("tools/call", {
      name: `call_tool_${variant}`,
      arguments: { name, args },
    });
    return JSON.stringify(result);
  };
  const file = { name: "a.txt.gz", data: "data:text/plain,hi", outputType: "resourceLink" };
  match(await ask("destructive", "everything:gzip-file-as-resource", file), /resource/);
  const write = () =>
    ask("write", "memory:create_entities", {
      entities: [{ name: content, entityType: "t", observations: [] }],
    });
  return { refused: await write(), write };
}

runSuite("Management.consents", {
  async "lists what agents ask for, without secrets"(subject) {
    const { refused } = await wantToWrite(subject, `the key is ${TOKEN}`);
    match(refused, /MCPX_CONSENT_REQUIRED/);

    const { consents: [consent], total } = await subject.management.request("consents.list", {
      status: "pending",
    });

    deepStrictEqual(
      [total, consent?.server_name, consent?.tool_name, consent?.sources, consent?.client_name],
      [
        1,
        "memory",
        "create_entities",
        ["everything"],
        "test-client",
      ],
    );
    match(JSON.stringify(consent?.arguments), /\[redacted:github_pat\]/);
    strictEqual((await subject.management.request("consents.list", { status: "denied" })).total, 0);
  },

  async "lets a call through once it is allowed, and puts that on record"(subject) {
    const { management } = subject;
    const { write } = await wantToWrite(subject, "once");
    const { consents } = await management.request("consents.list", { status: "pending" });
    const { id = "" } = consents.at(-1) ?? {};

    const allowed = await management.request("consents.allow", { id });

    deepStrictEqual([allowed.id, allowed.status], [id, "once"]);
    match(await write(), /"entities"/);
    match(await write(), /MCPX_CONSENT_REQUIRED/);
    const { activities } = await management.request("activity.list", {
      type: ["policy_decision"],
      limit: 10,
    });
    const decisions = activities.filter(({ metadata }) => metadata?.action === "allow");
    deepStrictEqual(
      decisions.map(({ server_name, tool_name, metadata }) => [server_name, tool_name, metadata?.consent_id]),
      [
        ["memory", "create_entities", id],
      ],
    );
  },

  async "refuses a call, and knows nothing of other ids"(subject) {
    const { management } = subject;
    const { write } = await wantToWrite(subject, "never");
    const { consents } = await management.request("consents.list", { status: "pending" });
    const { id = "" } = consents.at(-1) ?? {};

    strictEqual((await management.request("consents.deny", { id })).status, "denied");
    match(await write(), /MCPX_FLOW_BLOCKED/);
    for (const verb of ["consents.allow", "consents.deny"] as const) {
      await rejects(management.request(verb, { id: "none" }), failsWith("MCPX_CONSENT_NOT_FOUND", /none/));
    }
  },
}, {
  mcpServers: [reference("memory"), reference("everything")],
  session_flow: { policy: "ask" },
});
