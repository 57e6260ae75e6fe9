/** One request as it goes over the wire. */
export interface Sent {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Speaks HTTP by hand, since fetch() does not let Host be set. */
export async function sendRaw(
  hostname: string,
  port: number,
  { path, method = "GET", headers = {}, body = "" }: Sent,
) {
  using connection = await Deno.connect({ hostname, port });
  const encoder = new TextEncoder();
  const bytes = encoder.encode(body);
  const lines = Object.entries({
    host: `${hostname}:${port}`,
    ...headers,
    connection: "close",
    ...(body === "" ? {} : { "content-length": `${bytes.length}` }),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const writer = connection.writable.getWriter();
  const writing = writer.write(encoder.encode(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`))
    .then(() => writer.write(bytes)).catch(() => {}); // the answer may come before the whole body was read
  const text = await new Response(connection.readable).text();
  await writing;
  const [head = "", answer = ""] = text.split("\r\n\r\n", 2);
  const [status = "", ...fields] = head.split("\r\n");
  return {
    status: Number(status.split(" ")[1]),
    headers: Object.fromEntries(fields.map((field) => {
      const colon = field.indexOf(":");
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    })) as Record<string, string | undefined>, // a header may be absent
    body: answer,
  };
}
