import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Http1Client } from "../../../lib/platform/http1/client.ts";

/** A server that answers each connection with the given bytes once it has read a request. */
function serveBytes(answers: (request: number) => readonly Uint8Array[] | "hang up" | "hang") {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  let connections = 0;
  let requests = 0;
  const work = (async () => {
    for await (const conn of listener) {
      connections++;
      open.add(conn);
      void talk(conn);
    }
  })();
  async function talk(conn: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      while (await conn.read(buffer) !== null) {
        const parts = answers(requests++);
        if (parts === "hang") continue;
        if (parts === "hang up") break;
        for (const part of parts) await conn.write(part);
      }
    } catch { /* the client has closed it */ }
    if (open.delete(conn)) conn.close();
  }
  return {
    url: new URL(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/mcp?x=1`), // it listens on TCP
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of open) conn.close();
      open.clear();
      await work.catch(() => {});
    },
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const POST = { method: "POST", headers: { "content-type": "application/json" }, body: '{"a":"ü"}' };

Deno.test("Http1Client sends a request as it is and keeps the connection", async () => {
  const seen: string[] = [];
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    seen.push(
      `${request.method} ${new URL(request.url).pathname} ${request.headers.get("x-a")} ${await request
        .text()}`,
    );
    return new Response("né", { status: 201, headers: { "x-b": "1" } });
  });
  using client = new Http1Client(new URL(`http://127.0.0.1:${server.addr.port}/p`));
  for (let round = 0; round < 3; round++) {
    const answer = await client.exchange({ ...POST, headers: { "x-a": "v" } });
    deepStrictEqual([answer.status, answer.ok, answer.headers.get("X-B"), answer.headers.has("x-c")], [
      201,
      true,
      "1",
      false,
    ]);
    strictEqual(await answer.text(), "né");
  }
  deepStrictEqual(seen, Array(3).fill('POST /p v {"a":"ü"}'));
});

Deno.test("Http1Client reads every framing, however it is cut into pieces", async () => {
  const framings = {
    length: "HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello world",
    chunked:
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\ntrailer: 1\r\n\r\n",
    interim: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello world",
  };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.values(framings)),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      async (text, cuts, asStream) => {
        const whole = bytes(text);
        const parts: Uint8Array[] = [];
        for (let at = 0, cut = 0; at < whole.length; cut++) {
          const size = cuts[cut % cuts.length] ?? 1;
          parts.push(whole.subarray(at, at + size));
          at += size;
        }
        await using server = serveBytes(() => parts);
        using client = new Http1Client(server.url);
        for (let round = 0; round < 2; round++) {
          const answer = await client.exchange(POST);
          strictEqual(asStream ? await new Response(answer.body).text() : await answer.text(), "hello world");
        }
        strictEqual(server.connections(), 1);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("Http1Client reads an answer that ends with its connection, and opens another", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const served = (async () => {
    for (let count = 0; count < 2; count++) {
      const conn = await listener.accept();
      await conn.read(new Uint8Array(1_000));
      await conn.write(bytes("HTTP/1.1 200 OK\r\n\r\nall of it"));
      conn.close();
    }
  })();
  // It was told to listen on TCP.
  using client = new Http1Client(new URL(`http://127.0.0.1:${(listener.addr as Deno.NetAddr).port}/`));
  strictEqual(await (await client.exchange(POST)).text(), "all of it");
  strictEqual(await (await client.exchange(POST)).text(), "all of it");
  await served;
  listener.close();

  await using rude = serveBytes(() => "hang up");
  using other = new Http1Client(rude.url);
  await rejects(other.exchange(POST), /reset/);
});

Deno.test("Http1Client takes nothing that was not asked for as an answer", async () => {
  const answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
  await using server = serveBytes(() => [bytes(answer + answer)]);
  using client = new Http1Client(server.url);
  strictEqual(await (await client.exchange(POST)).text(), "ok");
  strictEqual(await (await client.exchange(POST)).text(), "ok");
  strictEqual(server.connections(), 2);
});

Deno.test("Http1Client refuses what is no HTTP, and headers that would be two", async () => {
  for (
    const wrong of [
      "SSH-2.0-x\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx",
      "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      `HTTP/1.1 200 OK\r\nx: ${"y".repeat(70_000)}\r\n\r\n`,
    ]
  ) {
    await using server = serveBytes(() => [bytes(wrong)]);
    using client = new Http1Client(server.url);
    await rejects(client.exchange(POST), TypeError, wrong.slice(0, 40));
  }
  await using server = serveBytes(
    () => [bytes("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n")],
  );
  using client = new Http1Client(server.url);
  await rejects((await client.exchange(POST)).text(), /broken chunk/);
  await rejects(client.exchange({ ...POST, headers: { a: "b\r\nc: d" } }), /not valid/);
});

Deno.test("Http1Client gives up when it is told to, and leaves nothing open", async () => {
  await using server = serveBytes(() => "hang");
  using client = new Http1Client(server.url);
  const controller = new AbortController();
  const exchange = client.exchange({ ...POST, signal: controller.signal });
  const reason = new Error("enough");
  queueMicrotask(() => controller.abort(reason));
  await rejects(exchange, reason);
  await rejects(client.exchange({ ...POST, signal: AbortSignal.abort(reason) }), reason);

  const waiting = client.exchange(POST);
  queueMicrotask(() => client[Symbol.dispose]());
  await rejects(waiting, TypeError);
  await rejects(client.exchange(POST), TypeError);
});

Deno.test("Http1Client reads large bodies whole", async () => {
  const large = "x".repeat(3_000_000);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(large),
  );
  using client = new Http1Client(new URL(`http://127.0.0.1:${server.addr.port}/`));
  const first = await client.exchange(POST);
  strictEqual((await first.text()).length, large.length);
  const second = await client.exchange(POST);
  let length = 0;
  for await (const part of second.body ?? []) length += part.length;
  strictEqual(length, large.length);
  const third = await client.exchange(POST);
  await third.body?.cancel();
  ok((await (await client.exchange(POST)).text()).length > 0);
});
