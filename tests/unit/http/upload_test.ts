import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { isUpload, readUpload } from "../../../lib/http/upload.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const LIMITS = { timers: createManualClock(), limitMs: 0 };
const TEXT = '{"mcpServers":{"ä":{"command":"x"}}}';

function request(fill: (form: FormData) => void): Request {
  const form = new FormData();
  fill(form);
  return new Request("http://h/", { method: "POST", body: form });
}

function isRefused(words: RegExp): (error: unknown) => boolean {
  return (error) =>
    error instanceof GatewayError && error.code === "MCPX_INVALID_INPUT" && words.test(error.message);
}

Deno.test("readUpload() takes the file for the content, and the other fields by their names", async () => {
  const upload = request((form) => {
    form.append("file", new File([TEXT], "mcp.json"));
    form.append("preview", "true");
    form.append("server_names", "a, b,");
    form.append("rename", '{"a":"c"}');
  });
  strictEqual(isUpload(upload), true);
  deepStrictEqual(await readUpload(upload, LIMITS), {
    content: TEXT,
    filename: "mcp.json",
    preview: "true",
    server_names: ["a", "b"],
    rename: { a: "c" },
  });
});

Deno.test("readUpload() takes a text in place of a file", async () => {
  deepStrictEqual(await readUpload(request((form) => form.append("file", TEXT)), LIMITS), { content: TEXT });
});

Deno.test("readUpload() says what is wrong with a form", async () => {
  const file = (form: FormData) => form.append("file", new File([TEXT], "a"));
  await rejects(readUpload(request((form) => form.append("format", "cursor")), LIMITS), isRefused(/no file/));
  await rejects(readUpload(request((form) => (file(form), file(form))), LIMITS), isRefused(/several files/));
  await rejects(
    readUpload(request((form) => (file(form), form.append("rename", "{"))), LIMITS),
    isRefused(/"rename" is not valid JSON/),
  );
  const broken = new Request("http://h/", {
    method: "POST",
    headers: { "content-type": "multipart/form-data" },
    body: "--x",
  });
  await rejects(readUpload(broken, LIMITS), isRefused(/no form/));
  strictEqual(isUpload(new Request("http://h/", { method: "POST", body: "{}" })), false);
});
