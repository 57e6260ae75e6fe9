/**
 * The least that a gateway on this runtime can be: it parses a request, sends it
 * on under an id of its own, and sends the answer back. No checks, no sessions,
 * no time limits. What it costs is the floor under the gateway's figures.
 *
 * Run with the URL of an HTTP server, or with the command of a stdio server;
 * prints its port, and ends when its standard input closes.
 *
 * @module
 */

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

type Ask = (text: string, id: number) => Promise<Message>;

function overHttp(url: string): Ask {
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  return async (body) => await (await fetch(url, { method: "POST", headers, body })).json();
}

function overStdio(command: string, args: readonly string[]): Ask {
  const child = new Deno.Command(command, { args: [...args], stdin: "piped", stdout: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  const encoder = new TextEncoder();
  const waiting = new Map<number, (message: Message) => void>();
  async function read(): Promise<void> {
    let rest = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) settle(JSON.parse(line));
    }
  }
  function settle(message: Message): void {
    waiting.get(message.id ?? NaN)?.(message);
    waiting.delete(message.id ?? NaN);
  }
  void read();
  return (text, id) => {
    const { promise, resolve } = Promise.withResolvers<Message>();
    waiting.set(id, resolve);
    void writer.write(encoder.encode(`${text}\n`));
    return promise;
  };
}

const [target = "", ...rest] = Deno.args;
const ask = target.startsWith("http://") ? overHttp(target) : overStdio(target, rest);
let sent = 0;

async function relay(request: Request): Promise<Response> {
  if (request.method !== "POST") return new Response(null, { status: 204 });
  const { id, method, params }: Message = await request.json();
  if (id === undefined) return new Response(null, { status: 202 });
  const own = ++sent;
  const { result } = await ask(JSON.stringify({ jsonrpc: "2.0", id: own, method, params }), own);
  return new Response(JSON.stringify({ jsonrpc: "2.0", id, result }), {
    headers: { "content-type": "application/json", "mcp-session-id": "relay" },
  });
}

Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => console.log(port) }, relay);
for await (const _ of Deno.stdin.readable) {
  // Nothing is said to it; the end is what it waits for.
}
Deno.exit(0);
