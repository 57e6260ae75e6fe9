/**
 * The gateway's own prompts: what people ask an agent about the gateway.
 *
 * @module
 */

import { RPC, RpcFault } from "./jsonrpc.ts";

type Params = Readonly<Record<string, unknown>>;

interface BuiltinPrompt {
  readonly definition: {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly arguments: readonly {
      readonly name: string;
      readonly description: string;
      readonly required: boolean;
    }[];
  };
  readonly write: (value: string) => string;
}

const PROMPTS: readonly BuiltinPrompt[] = [
  {
    definition: {
      name: "setup-new-mcp-server",
      title: "Set up a new server",
      description: "Add an MCP server to mcpproxy and check that it works",
      arguments: [{
        name: "server_type",
        description: "What the server is for, such as github or postgres",
        required: false,
      }],
    },
    write: (type) =>
      [
        `Help me add an MCP server${type === "" ? "" : ` for ${type}`} to mcpproxy.`,
        "Ask for what you need to know: the command or URL, and which secrets it takes.",
        "Put secrets into the environment or a file and refer to them as ${env:NAME} or ${file:/path}; never write them into the config.",
        "Then tell me the command: mcpproxy upstream add NAME -- COMMAND, or mcpproxy upstream add NAME URL.",
        "A new server is held in quarantine. Show me what it offers before I approve it with: mcpproxy upstream approve NAME.",
      ].join("\n"),
  },
  {
    definition: {
      name: "troubleshoot-mcp-server",
      title: "Find out why a server does not work",
      description: "Look into a server that fails or does not answer",
      arguments: [{ name: "server_name", description: "Name of the server", required: true }],
    },
    write: (name) =>
      [
        `The MCP server "${name}" behind mcpproxy does not work. Help me find out why.`,
        `Have me run: mcpproxy upstream list, then mcpproxy upstream logs ${name}.`,
        "Read its state, last error and log; say what is most likely wrong and what to type to put it right.",
      ].join("\n"),
  },
];

/** The definitions, for lists. */
export const BUILTIN_PROMPTS = PROMPTS.map(({ definition }) => definition);

/** Tells whether a prompt of this name is the gateway's own. */
export function isBuiltinPrompt(name: string): boolean {
  return BUILTIN_PROMPTS.some((prompt) => prompt.name === name);
}

/**
 * Writes one of the prompts.
 *
 * @returns `undefined` if none has this name.
 * @throws {RpcFault} If a required argument is missing.
 */
export function getBuiltinPrompt(name: string, args: Params): unknown {
  const prompt = PROMPTS.find(({ definition }) => definition.name === name);
  const [argument] = prompt?.definition.arguments ?? [];
  if (prompt === undefined || argument === undefined) return undefined;
  const value = args[argument.name];
  if (argument.required && typeof value !== "string") {
    throw new RpcFault(RPC.invalidParams, `Invalid params: argument "${argument.name}" is missing`);
  }
  const text = prompt.write(typeof value === "string" ? value.slice(0, 200) : "");
  return {
    description: prompt.definition.description,
    messages: [{ role: "user", content: { type: "text", text } }],
  };
}
