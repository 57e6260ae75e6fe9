import { ERROR_KINDS, rpcCodeOf } from "../../lib/contracts/mod.ts";

/** Writes the catalogue of errors from the table of codes. */
export function renderErrorCatalogue(): string {
  const rows = Object.entries(ERROR_KINDS).map(([code, { cause, remedy, exit, status }]) =>
    `| \`${code}\` | ${cell(cause)} | ${cell(remedy)} | ${exit} | ${status} | ${rpcCodeOf(code)} |`
  );
  return [
    "# Errors",
    "",
    "Written by `deno task gen`. Every failure has one of these codes, on every surface the same; codes never",
    "change their meaning. `mcpproxy doctor explain CODE` prints one of them. A refused or failed tool call is a result with `isError: true` and the code in `_meta`;",
    "the JSON-RPC code is for where MCP answers with an error.",
    "",
    "| code | cause | remedy | exit | HTTP | JSON-RPC |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "Exit codes besides: 0 done, 10 to 12 verdicts of `mcpproxy tools preflight`, 130 ended by Ctrl-C.",
    "",
  ].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
