import type { ClientStatus, VerbOutput } from "../../lib/contracts/mod.ts";
import { type Cell, renderTable } from "./table.ts";
import { type Look, oneLine, visible } from "./text.ts";

/** Writes the clients of this machine. */
export function renderClients(clients: readonly ClientStatus[], look: Look): string {
  const columns = [{ title: "CLIENT" }, { title: "STATUS", flexible: true }, {
    title: "FILE",
    flexible: true,
  }];
  return renderTable(
    columns,
    clients.map((one): Cell[] => [one.client, statusOf(one), oneLine(one.config_path)]),
    look,
  );
}

function statusOf({ connected, conflicting, problem, installed, access_state }: ClientStatus): Cell {
  if (connected) return { text: "connected", style: "good" };
  if (problem !== undefined) return { text: oneLine(`${access_state}: ${problem}`), style: "bad" };
  if (conflicting) return { text: "an entry of this name leads elsewhere", style: "warning" };
  return { text: installed ? "not connected" : "not found", style: installed ? undefined : "faint" };
}

/** Writes what would go into a client's file. */
export function renderConnectPreview(preview: VerbOutput<"connect.preview">): string {
  const { title, config_path, entry_text, entry_exists, existing_entry_summary: old, contains_api_key } =
    preview;
  const before = !entry_exists || old === undefined
    ? ""
    : `It takes the place of the entry "${oneLine(old.entry_name)}" (${
      oneLine(old.endpoint ?? old.command ?? "?")
    }).\n`;
  const key = contains_api_key ? "A key is made for it when it is written.\n" : "";
  const refusal = preview.connect_refusal === undefined ? "" : `${oneLine(preview.connect_refusal)}\n`;
  return `${oneLine(title)}: into ${oneLine(config_path)}\n\n${
    visible(entry_text, "\n")
  }\n${before}${key}${refusal}`;
}
