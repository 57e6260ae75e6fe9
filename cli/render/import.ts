import type { ImportResult, VerbOutput } from "../../lib/contracts/mod.ts";
import { renderTable } from "./table.ts";
import { type Look, oneLine } from "./text.ts";

const DONE = { already: "Imported", would: "Would import" };

/** Writes what an import has done or would do: each server with what it runs, then what was left out and why. */
export function renderImport(result: ImportResult, look: Look): string {
  const { imported, skipped, failed, format_name, preview } = result;
  const count = `${imported.length} of ${result.summary.total}`;
  const head = `${preview ? DONE.would : DONE.already} ${count} servers of ${oneLine(format_name)}\n`;
  const left = [
    ...skipped.map(({ name, detail }) => [oneLine(name), "left out", oneLine(detail)]),
    ...failed.map(({ name, error }) => [oneLine(name), "failed", oneLine(error)]),
  ];
  const table = left.length === 0
    ? ""
    : `\n${
      renderTable([{ title: "NAME" }, { title: "OUTCOME" }, { title: "WHY", flexible: true }], left, look)
    }`;
  return head + imported.map(toLines).join("") + table;
}

/** Lines are not cut: a person is to see the whole of what would run. */
function toLines(one: ImportResult["imported"][number]): string {
  const name = oneLine(one.name) + (one.original_name === one.name ? "" : ` (${oneLine(one.original_name)})`);
  const runs = one.command_line ?? one.url ?? "";
  const facts = [
    one.place === undefined ? undefined : `from ${one.place}`,
    one.enabled ? undefined : "disabled, as in the client",
    one.isolation === undefined ? undefined : `to run isolated (${one.isolation})`,
    one.env.length === 0 ? undefined : `env ${one.env.join(", ")}`,
    one.headers.length === 0 ? undefined : `headers ${one.headers.join(", ")}`,
    one.fields_skipped.length === 0 ? undefined : `not taken over: ${one.fields_skipped.join(", ")}`,
    ...one.warnings,
  ].filter((fact) => fact !== undefined);
  return [`  ${name}: ${oneLine(runs)}`, ...facts.map((fact) => `      ${oneLine(fact)}`)].join("\n") + "\n";
}

/** Writes where clients keep their servers. */
export function renderImportPaths(paths: VerbOutput<"import.paths">["paths"], look: Look): string {
  const columns = [{ title: "CLIENT" }, { title: "THERE" }, { title: "FILE", flexible: true }];
  return renderTable(
    columns,
    paths.map(({ format, exists, path }) => [
      format,
      { text: exists ? "yes" : "no", style: exists ? "good" : undefined },
      oneLine(path),
    ]),
    look,
  );
}
