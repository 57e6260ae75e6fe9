import { listOperations, type Operation, SERVER_OPERATION_ACCESS } from "../../lib/contracts/mod.ts";

const SURFACES: readonly (readonly [Operation["surface"], string])[] = [
  ["rest", "REST"],
  ["http", "Other routes"],
  ["mcp", "Tools of the gateway at /mcp"],
  ["cli", "Command line"],
];

/** Writes the table of every operation and who may do it. */
export function renderAccess(): string {
  const operations = listOperations();
  return [
    "# Who may do what",
    "",
    "Written by `deno task gen` from `lib/contracts/access.ts`; a test fails for an operation that is missing.",
    "",
    "- **everyone**: whoever reaches the listener with an honest Host and Origin.",
    "- **agent**: an agent token, as far as its servers, permissions and profile go; an admin as well. At `/mcp`",
    '  also a program on this machine without a key, with `"require_mcp_auth": false`.',
    "- **admin**: the admin key, the unix socket, or, except at `/mcp`, a browser that has signed in.",
    "",
    "A command needs the right of the most that it may do; over the unix socket it has every right.",
    "",
    ...SURFACES.flatMap(([surface, title]) => [
      `## ${title}`,
      "",
      "| operation | who |",
      "| --- | --- |",
      ...operations.filter((one) => one.surface === surface)
        .map(({ name, access }) => `| \`${surface === "cli" ? `mcpproxy ${name}` : name}\` | ${access} |`),
      "",
    ]),
    "## Operations of `upstream_servers`",
    "",
    "| operation | who |",
    "| --- | --- |",
    ...Object.entries(SERVER_OPERATION_ACCESS).map(([name, access]) => `| \`${name}\` | ${access} |`),
    "",
  ].join("\n");
}
