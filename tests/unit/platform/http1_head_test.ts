import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createHead } from "../../../lib/platform/http1/head.ts";

const encoder = new TextEncoder();

function head(...lines: readonly string[]) {
  return createHead(encoder.encode(`${lines.join("\r\n")}\r\n\r\n`));
}

Deno.test("createHead() reads a head the same way however often its lines have come", () => {
  for (let times = 0; times < 3; times++) {
    const { status, headers, keepsAlive } = head(
      "HTTP/1.1 200 OK",
      "Content-Type: text/plain",
      "content-length:  5 ",
      "Vary: a",
      "vary: b",
    ) ?? {};

    deepStrictEqual([status, keepsAlive], [200, true]);
    deepStrictEqual([...headers ?? []], [["content-type", "text/plain"], ["content-length", "5"], [
      "vary",
      "a, b",
    ]]);
    strictEqual(head("HTTP/1.1 200 OK", "content-length: 5", "content-length: 6"), undefined);
    strictEqual(head("HTTP/1.1 200 OK", "content length: 5"), undefined);
    strictEqual(head("HTTP/1.1 200 OK", "no colon"), undefined);
  }
});

Deno.test("createHead() reads thousands of different lines, and each as it is", () => {
  for (let number = 0; number < 3_000; number++) {
    strictEqual(head("HTTP/1.1 200 OK", `x-number: ${number}`)?.headers.get("x-number"), String(number));
  }
  const long = "x".repeat(10_000);
  strictEqual(head("HTTP/1.1 200 OK", `x-long: ${long}`)?.headers.get("x-long"), long);
});

Deno.test("createHead() reads bytes that are no ASCII one by one, the first ones included", () => {
  const bytes = encoder.encode("HTTP/1.1 200 OK\r\nx: \u00e9\r\n\r\n");

  strictEqual(createHead(bytes)?.headers.get("x"), "\u00c3\u00a9");
  strictEqual(createHead(new Uint8Array([0xef, 0xbb, 0xbf, ...bytes])), undefined);
});
