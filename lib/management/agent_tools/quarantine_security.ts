import { shownName } from "../../calls/mod.ts";
import { didYouMean, GatewayError } from "../../contracts/mod.ts";
import { type AgentCall, demandInside, isInside } from "./upstream_servers.ts";
import { REVIEW_OPERATIONS, type ReviewOperation } from "./definitions.ts";

/** What the ancestor's tool could do and no agent may: deciding what agents may use is for people. */
const FOR_PEOPLE: Readonly<Record<string, string>> = {
  approve_tool: "mcpproxy tools approve SERVER:TOOL",
  approve_all_tools: "mcpproxy tools approve --all",
  enable_tool: "mcpproxy tools enable SERVER:TOOL",
  disable_tool: "mcpproxy tools disable SERVER:TOOL",
  approve_prompt: "mcpproxy upstream approve SERVER",
  approve_all_prompts: "mcpproxy upstream approve SERVER",
  unquarantine_server: "mcpproxy upstream approve SERVER",
};
const HOLDS: ReadonlySet<ReviewOperation> = new Set(["quarantine_server", "block_tool", "block_all_tools"]);

/**
 * Tells an agent what is held, and holds more of it. Nothing that a held server
 * says is in the answers but names, and nothing is ever let out by this.
 *
 * @throws {GatewayError} MCPX_FORBIDDEN, MCPX_INVALID_INPUT, and whatever the verb throws.
 */
export async function quarantineSecurity(call: AgentCall): Promise<unknown> {
  const operation = operationOf(call.args.operation);
  if (HOLDS.has(operation) && call.caller.role !== "admin") throw notForAgents(operation);
  switch (operation) {
    case "list_quarantined":
      return await listQuarantined(call);
    case "inspect_quarantined":
    case "inspect_tools":
    case "inspect_prompts":
      return await inspect(call, operation);
    case "quarantine_server":
      return await call.management.request("servers.quarantine", { name: textOf(call, "name") }, call);
    case "block_tool": {
      const tools = [textOf(call, "tool_name")];
      return await call.management.request("approvals.reject", { name: textOf(call, "name"), tools }, call);
    }
    case "block_all_tools":
      return await call.management.request("approvals.reject", {
        name: textOf(call, "name"),
        block_all: true,
      }, call);
    default:
      return operation satisfies never;
  }
}

function operationOf(value: unknown): ReviewOperation {
  const found = REVIEW_OPERATIONS.find((one) => one === value);
  if (found !== undefined) return found;
  const word = typeof value === "string" ? value : "";
  const command = Object.hasOwn(FOR_PEOPLE, word) ? FOR_PEOPLE[word] : undefined;
  if (command !== undefined) {
    throw new GatewayError(
      "MCPX_FORBIDDEN",
      `Cannot ${word.replaceAll("_", " ")}: a person decides what agents may use, and no tool does`,
      { remedy: `Ask the person to do it: ${command}` },
    );
  }
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot carry out "${String(value).slice(0, 60)}": quarantine_security has no such operation${
      didYouMean(word, REVIEW_OPERATIONS)
    }`,
    { remedy: `Use one of ${REVIEW_OPERATIONS.join(", ")}` },
  );
}

function textOf({ args }: AgentCall, key: string): string {
  const value = args[key];
  if (typeof value === "string" && value !== "") return value;
  throw new GatewayError("MCPX_INVALID_INPUT", `Cannot go on: "${key}" must be a text that is not empty`);
}

async function listQuarantined(call: AgentCall) {
  const { management, caller, signal } = call;
  const { servers } = await management.request("servers.list", {}, { caller, signal });
  const held = servers.filter(({ name, quarantined }) => quarantined && isInside(call, name));
  return {
    servers: held.map(({ name, protocol, enabled }) => ({ name, protocol, enabled, quarantined: true })),
    total: held.length,
    next_steps: "Ask the person to review a server: mcpproxy upstream inspect NAME",
  };
}

/** Names and states; the texts are what nobody has reviewed. */
async function inspect(call: AgentCall, operation: ReviewOperation) {
  const { management, caller, signal } = call;
  const name = textOf(call, "name");
  demandInside(call, name);
  const view = await management.request("servers.get", { name }, { caller, signal });
  // Whether the caller may know of the server was just decided; the list itself is for admins.
  const { approvals } = await management.request("approvals.list", { name }, { signal });
  const wanted = approvals.filter(({ kind }) =>
    operation === "inspect_quarantined" || kind === (operation === "inspect_prompts" ? "prompt" : "tool")
  );
  const entries = wanted.map(({ kind, name, status, current_hash: hash }) => ({
    kind,
    name: status === "approved" || isUri(kind) && URI.test(name) ? name : shownName(name),
    status,
    hash,
  }));
  const held = entries.filter(({ status }) => status !== "approved").length;
  return {
    server: name,
    quarantined: view.quarantined,
    entries,
    total: entries.length,
    held,
    action_required: held > 0 || view.quarantined,
    next_steps: `A person reviews it: mcpproxy upstream inspect ${name}`,
  };
}

/** What URIs and their templates look like. */
const URI = /^[a-z][a-z0-9+.-]{0,30}:[\w.~:/?#[\]@!$&'()*+,;=%{}-]{0,200}$/i;

function isUri(kind: string): boolean {
  return kind === "resource" || kind === "resource_template";
}

function notForAgents(operation: string): GatewayError {
  return new GatewayError(
    "MCPX_FORBIDDEN",
    `Cannot ${
      operation.replaceAll("_", " ")
    }: an agent may look at what is held, wanted the rights of an admin`,
    {
      remedy:
        "Ask the person to do it: mcpproxy upstream quarantine NAME, or mcpproxy tools reject SERVER:TOOL",
    },
  );
}
