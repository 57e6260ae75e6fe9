import type { SecretMove, SecretView } from "../../lib/contracts/mod.ts";
import { renderTable } from "./table.ts";
import { type Look, oneLine } from "./text.ts";

/** Writes the table of secrets; it has no values. */
export function renderSecrets(secrets: readonly SecretView[], look: Look): string {
  const columns = [{ title: "NAME" }, { title: "STATUS" }, { title: "USED BY", flexible: true }];
  return renderTable(
    columns,
    secrets.map(({ name, kind, stored, servers }) => [
      oneLine(kind === undefined ? name : `${kind}:${name}`),
      stored
        ? { text: kind === undefined ? "kept" : "there", style: "good" }
        : { text: "missing", style: "bad" },
      oneLine(servers.join(", ")),
    ]),
    look,
  );
}

/** Writes where the secrets of a config go. */
export function renderMoves(moves: readonly SecretMove[], look: Look): string {
  const columns = [{ title: "SERVER" }, { title: "FIELD" }, { title: "REFERENCE", flexible: true }];
  return renderTable(
    columns,
    moves.map(({ server, scope, key, reference }) => [
      oneLine(server),
      oneLine(`${scope}.${key}`),
      oneLine(reference),
    ]),
    look,
  );
}
