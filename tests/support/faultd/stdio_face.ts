import { acknowledgement } from "./protocol.ts";
import { type Delivery, type Face, obey } from "./obey.ts";
import { type Conductor, type Message, paramsOf, type ProcessFault } from "./script.ts";

const encoder = new TextEncoder();

/** Serves a script over the standard streams until its input ends. */
export async function serveStdio(conductor: Conductor, reload: () => void): Promise<void> {
  const world = createWorld();
  for (const fault of conductor.script().start ?? []) world.process(fault);
  if (world.isDeaf()) return stayAlive();
  for await (const line of readLines(Deno.stdin.readable)) {
    if (world.isDeaf()) return stayAlive();
    reload();
    const message = parse(line);
    if (message !== undefined) take(message, conductor, world);
    if (world.isDeaf()) return stayAlive();
  }
  if (world.ignoresEnd()) return stayAlive();
  Deno.exit(0);
}

function take(message: Message, conductor: Conductor, world: ReturnType<typeof createWorld>): void {
  if (message.method === "notifications/cancelled") return world.cancel(paramsOf(message).requestId);
  if (typeof message.method !== "string" || message.id === undefined) return;
  if (message.method === "subscriptions/listen") world.broadcast(acknowledgement(message));
  void obey(message, conductor, world);
}

/** The streams and the process as a {@link Face}. */
function createWorld() {
  let deaf = false;
  let ignoresEnd = false;
  const cancelled = new Map<unknown, () => void>();

  const send = (message: Message) => write(Deno.stdout, JSON.stringify(message) + "\n");

  async function deliver(messages: readonly Message[], delivery: Delivery): Promise<void> {
    const lines = delivery.raw === undefined
      ? messages.map((message) => JSON.stringify(message))
      : [delivery.raw];
    const bytes = encoder.encode(lines.map((line) => line + "\n").join(""));
    const whole = bytes.subarray(0, delivery.cutAt);
    const step = delivery.chunkBytes ?? Math.max(1, whole.length);
    for (let at = 0; at < whole.length; at += step) {
      writeBytes(Deno.stdout, whole.subarray(at, at + step));
      if (delivery.chunkBytes !== undefined) await sleep(delivery.pauseMs);
    }
    // Standard output cannot be closed without the process noticing, so both ends are an exit.
    if (delivery.cutAt !== undefined && delivery.then !== "hang") {
      Deno.exit(delivery.then === "close" ? 0 : 1);
    }
  }

  function process(fault: ProcessFault): void {
    if (fault.kind === "deaf") deaf = true;
    else if (fault.kind === "ignore" && fault.what === "end") ignoresEnd = true;
    else actAsProcess(fault);
  }

  return {
    deliver,
    broadcast: send,
    process,
    forget: () => {},
    hangUp: () => {},
    sleep,
    cancelled: (id) => new Promise<void>((resolve) => cancelled.set(id, resolve)),
    cancel: (id: unknown) => cancelled.get(id)?.(),
    isDeaf: () => deaf,
    ignoresEnd: () => ignoresEnd,
  } satisfies Face & Record<string, unknown>;
}

/** Does what a process can do whatever it serves. */
export function actAsProcess(fault: ProcessFault): void {
  switch (fault.kind) {
    case "exit":
      return Deno.exit(fault.code ?? 1);
    case "ignore":
      return fault.what === "end" ? undefined : Deno.addSignalListener(fault.what, () => {});
    case "deaf":
      return;
    case "fork":
      return fork(fault);
    case "stderr":
      return flood(Deno.stderr, fault.lines ?? 1, "x".repeat(fault.bytes ?? 80));
    case "garbage":
      return flood(Deno.stdout, fault.lines ?? 1, fault.text ?? "npm notice this is no message");
    default:
      return fault satisfies never;
  }
}

function fork(options: ProcessFault & { kind: "fork" }): void {
  const { count = 1, session = false, stubborn = false, holdOutput = false } = options;
  // An ignored signal stays ignored in what the shell starts.
  const command = `${stubborn ? "trap '' TERM HUP; " : ""}sleep 300; :`;
  for (let time = 0; time < count; time++) {
    new Deno.Command(session ? "setsid" : "sh", {
      args: session ? ["sh", "-c", command] : ["-c", command],
      stdin: "null",
      stdout: holdOutput ? "inherit" : "null",
      stderr: holdOutput ? "inherit" : "null",
    }).spawn().unref();
  }
}

function flood(stream: Sink, lines: number, text: string): void {
  // In large pieces, as a program that does not flush each line.
  const piece = Math.max(1, Math.min(lines, Math.floor(65_536 / (text.length + 8))));
  for (let from = 0; from < lines; from += piece) {
    const count = Math.min(piece, lines - from);
    write(stream, Array.from({ length: count }, (_, at) => `${from + at} ${text}\n`).join(""));
  }
}

interface Sink {
  writeSync(bytes: Uint8Array): number;
}

function write(stream: Sink, text: string): void {
  writeBytes(stream, encoder.encode(text));
}

function writeBytes(stream: Sink, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += stream.writeSync(bytes.subarray(written));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function stayAlive(): void {
  setInterval(() => {}, 60_000);
}

async function* readLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}

function parse(line: string): Message | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
