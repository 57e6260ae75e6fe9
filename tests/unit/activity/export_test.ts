import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Activity, ExportOptions } from "../../../lib/activity/mod.ts";
import { call, openFixture } from "./fixture.ts";

const HEAD =
  "id,type,source,server_name,tool_name,status,error_message,duration_ms,timestamp,session_id,request_id,response_truncated,parent_id";

async function text(activity: Activity, options: ExportOptions): Promise<string> {
  return (await Array.fromAsync(activity.export({}, options))).join("");
}

/** Reads a table as RFC 4180 has it. */
function parseCsv(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy)) {
    rows.at(-1)?.push(quoted === undefined ? plain ?? "" : quoted.replaceAll('""', '"'));
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

Deno.test("export() writes one record a line in JSON, newest first, of more than one page", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  for (let at = 0; at < 250; at++) activity.record(call(`t${at}`, { response: `line\nbreak ${at}` }));

  const lines = (await text(activity, { format: "jsonl", payloads: true })).trimEnd().split("\n");
  const { activities } = await activity.query({}, { limit: 1 });

  strictEqual(lines.length, 250);
  deepStrictEqual(JSON.parse(lines[0] ?? ""), JSON.parse(JSON.stringify(activities[0])));
  strictEqual(JSON.parse(lines[249] ?? "").tool_name, "t0");
  strictEqual((await text(activity, { format: "jsonl", limit: 120 })).trimEnd().split("\n").length, 120);
  strictEqual((await text(activity, { format: "jsonl" })).includes('response":'), false);
  strictEqual(await text(activity, { format: "jsonl", servers: [] }), "");
});

Deno.test("export() may be left early, and leaves out what comes meanwhile", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  for (let at = 0; at < 150; at++) activity.record(call(`t${at}`));
  let lines = 0;
  for await (const piece of activity.export({}, { format: "jsonl" })) {
    lines += piece.trimEnd().split("\n").length;
    activity.record(call("meanwhile"));
    await activity.flush();
  }
  strictEqual(lines, 150);
  for await (const _piece of activity.export({}, { format: "csv" })) break;
});

Deno.test("export() writes tables whose cells come back, and none of which is a formula", async () => {
  await using fixture = await openFixture();
  await using activity = fixture.open();
  const cells = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "=1+1",
      "+1",
      "-1",
      "@SUM(1)",
      "\t=1",
      "\r=1",
      "\n=1",
      " =1",
      "＝1",
      '"',
      "a,b",
      "a\r\nb",
      "'",
      "- x",
    ),
  );
  const messages = fc.sample(cells, 200).filter((message) => message !== "");
  for (const error_message of messages) activity.record(call("t", { error_message }));

  const csv = await text(activity, { format: "csv" });

  const [head, ...rows] = parseCsv(csv);
  strictEqual(head?.join(), HEAD);
  strictEqual(rows.length, messages.length);
  messages.toReversed().forEach((message, at) => {
    const cell = rows[at]?.[6] ?? "";
    strictEqual(rows[at]?.length, 13);
    strictEqual(cell.startsWith("'") && cell !== message ? cell.slice(1) : cell, message.toWellFormed());
    strictEqual(/^\s*[=+\-@＝＋－＠]/u.test(cell), false, JSON.stringify(cell));
  });
  const wide = parseCsv(await text(activity, { format: "csv", payloads: true, limit: 1 }));
  deepStrictEqual(wide[0]?.slice(-2), ["arguments", "response"]);
});
