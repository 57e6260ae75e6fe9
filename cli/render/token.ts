import type { TokenView } from "../../lib/contracts/mod.ts";
import { renderFields } from "./fields.ts";
import { type Cell, type Column, renderTable } from "./table.ts";
import { type Look, oneLine, type Style } from "./text.ts";

const COLUMNS: readonly Column[] = [
  { title: "NAME", key: true },
  { title: "TOKEN", spare: true },
  { title: "STATUS" },
  { title: "SERVERS", flexible: true },
  { title: "PERMISSIONS", flexible: true },
  { title: "PROFILE", spare: true },
  { title: "EXPIRES", spare: true },
  { title: "LAST USED", spare: true },
];
const STYLES: Readonly<Record<TokenView["status"], Style>> = {
  active: "good",
  expired: "warning",
  revoked: "faint",
};

/** Writes the table of agent tokens. */
export function renderTokens(tokens: readonly TokenView[], look: Look): string {
  return renderTable(COLUMNS, tokens.map(toRow), look);
}

function toRow(token: TokenView): Cell[] {
  return [
    oneLine(token.name),
    `${token.prefix}…`,
    { text: token.status, style: STYLES[token.status] },
    oneLine(token.allowed_servers.join(", ")),
    token.permissions.join(", "),
    oneLine(token.profile_pin ?? ""),
    toMinute(token.expires_at),
    token.last_used_at === undefined ? "never" : toMinute(token.last_used_at),
  ];
}

/** Writes one agent token. */
export function renderToken(token: TokenView, look: Look): string {
  return renderFields([
    ["Name", token.name],
    ["Token", `${token.prefix}…`],
    ["Status", token.status],
    ...scopeOf(token),
    ["Created", toMinute(token.created_at)],
    ["Last used", token.last_used_at === undefined ? "never" : toMinute(token.last_used_at)],
  ], look);
}

/** Writes a token that was just made; never cut, since it is there to be copied. */
export function renderNewToken(made: TokenView & { readonly token: string }, look: Look): string {
  return renderFields([["Name", made.name], ["Token", made.token], ...scopeOf(made)], {
    ...look,
    width: undefined,
  });
}

function scopeOf(token: TokenView): (readonly [string, string | undefined])[] {
  return [
    ["Servers", token.allowed_servers.includes("*") ? "all" : token.allowed_servers.join(", ")],
    ["Permissions", token.permissions.join(", ")],
    ["Profile", token.profile_pin],
    ["At once", `${token.max_concurrent} calls`],
    ["Expires", toMinute(token.expires_at)],
  ];
}

/** Writes an ISO time to the minute, in UTC. */
export function toMinute(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
