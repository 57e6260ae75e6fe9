import { GatewayError, type ServerConfig } from "../contracts/mod.ts";
import { type ChildProcess, type ExitStatus, openDeadline, type Platform } from "../platform/mod.ts";
import { idOfCut } from "./cut_message.ts";
import { createLineFramer, type Frame, toText } from "./framing.ts";
import { endGroup, type StopGrace } from "./process_group.ts";
import type { Transport, TransportEvents, WireMessage } from "./transport.ts";
import { settledWithin, untilAborted } from "./within.ts";

/** What a stdio transport is opened with. */
export interface StdioOptions extends TransportEvents {
  readonly platform: Platform;
  readonly server: ServerConfig;
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly maxMessageBytes: number;
  readonly grace: StopGrace;
  /** Each line of standard error, and each line of standard output that is no message. */
  readonly onStderr: (line: string) => void;
}

/** A stdio transport knows a little more than its kind. */
export interface StdioTransport extends Transport {
  /** Whether something that is no message came over standard output. */
  sawGarbage(): boolean;
}

/** How the process of a server ended. */
export class ProcessEnded extends Error {
  readonly status: ExitStatus;
  /** Last lines of its standard error. */
  readonly stderr: readonly string[];

  constructor(status: ExitStatus, stderr: readonly string[]) {
    super(`Process ended with ${describeExit(status)}`);
    this.name = "ProcessEnded";
    this.status = status;
    this.stderr = stderr;
  }
}

const MAX_STDERR_LINE_BYTES = 16 * 1024;
const KEPT_LINES = 20;
/** A server that does not read for this long is not going to. */
const WRITE_TIMEOUT_MS = 30_000;
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
/** A process that has nothing at stake gets no more than this of each grace. */
const SHORT_MS = 1_000;

const encoder = new TextEncoder();

/** Writes how a process ended. */
export function describeExit({ code, signal }: ExitStatus): string {
  return signal === undefined ? `exit code ${code}` : `signal ${signal}`;
}

/**
 * Starts the program of a server in a process group of its own.
 *
 * @throws What the system says if the program cannot be started.
 */
export function openStdio(options: StdioOptions): StdioTransport {
  const { platform, server, environment: env } = options;
  const child = platform.processes.spawn({
    command: server.command ?? "",
    args: server.args,
    env,
    cwd: options.cwd,
  });
  const transport = new Stdio(child, options);
  transport.run();
  return transport;
}

class Stdio implements StdioTransport {
  readonly wire = "stdio";
  readonly #child: ChildProcess;
  readonly #options: StdioOptions;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #readers: readonly ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>[];
  readonly #lines: string[] = [];
  #read: Promise<unknown> = Promise.resolve();
  #watched: Promise<void> = Promise.resolve();
  #ending: Promise<void> | undefined;
  #ended: ProcessEnded | undefined;
  #closed = false;
  #agreed = false;
  #garbage = false;
  #queuedBytes = 0;

  constructor(child: ChildProcess, options: StdioOptions) {
    this.#child = child;
    this.#options = options;
    this.#writer = child.stdin.getWriter();
    this.#readers = [child.stdout.getReader(), child.stderr.getReader()];
  }

  run(): void {
    const [stdout, stderr] = this.#readers;
    this.#read = Promise.all([
      readFrames(stdout, this.#options.maxMessageBytes, (frame) => this.#onFrame(frame)),
      readFrames(stderr, MAX_STDERR_LINE_BYTES, (frame) => this.#onStderr(frame)),
    ]);
    this.#watched = this.#watch();
  }

  get pid(): number {
    return this.#child.pid;
  }

  sawGarbage(): boolean {
    return this.#garbage;
  }

  setProtocolVersion(): void {
    this.#agreed = true;
  }

  async send(message: WireMessage): Promise<void> {
    const bytes = encoder.encode(JSON.stringify(message) + "\n");
    if (this.#queuedBytes + bytes.length > MAX_QUEUED_BYTES) throw this.#notReading();
    this.#queuedBytes += bytes.length;
    const written = this.#writer.write(bytes).finally(() => this.#queuedBytes -= bytes.length);
    const { clock } = this.#options.platform;
    using deadline = openDeadline(clock, WRITE_TIMEOUT_MS, { onExpired: () => this.#notReading() });
    try {
      await untilAborted(deadline.signal, written);
    } catch (error) {
      // A pipe breaks a moment before its process is known to have ended; the end tells more.
      if (!deadline.signal.aborted) await settledWithin(clock, SHORT_MS, this.#watched);
      throw this.#ended ?? error;
    }
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#ending ??= this.#endByClosing();
    return this.#ending;
  }

  /** A server that never got to work has nothing to save. */
  #endByClosing(): Promise<void> {
    const { grace } = this.#options;
    // A pipe that the server does not read never finishes closing; the group's end settles it.
    void this.#writer.close().catch(() => {});
    return this.#end(this.#agreed ? grace : { ...grace, stdin: Math.min(grace.stdin, SHORT_MS) });
  }

  /** The leader has gone: what it left behind goes too, then the owner learns of it. */
  async #watch(): Promise<void> {
    const status = await this.#child.exited;
    if (this.#ending === undefined) {
      void this.#writer.abort().catch(() => {}); // nobody reads the pipe any more
      this.#ending = this.#end({ stdin: 0, term: Math.min(this.#options.grace.term, SHORT_MS) });
    }
    await this.#ending;
    this.#ended = new ProcessEnded(status, [...this.#lines]);
    if (!this.#closed) this.#options.onClosed(this.#ended);
  }

  async #end(grace: StopGrace): Promise<void> {
    const { clock } = this.#options.platform;
    await endGroup(this.#child, clock, grace);
    // A process that left the group may hold the pipes open; nobody waits for what it writes.
    if (!await settledWithin(clock, SHORT_MS, this.#read)) {
      for (const reader of this.#readers) reader.cancel().catch(() => {});
    }
  }

  #onFrame(frame: Frame): void {
    if (frame.kind === "oversize") {
      return this.#options.onOversize(idOfCut(frame.head, frame.tail), frame.sizeBytes);
    }
    const text = toText(frame.bytes);
    if (text === "") return;
    const messages = parseMessages(text);
    if (messages !== undefined) return messages.forEach((message) => this.#options.onMessage(message));
    this.#garbage = true;
    this.#options.onStderr(`[stdout] ${text.slice(0, MAX_STDERR_LINE_BYTES)}`);
  }

  #onStderr(frame: Frame): void {
    const line = frame.kind === "line" ? toText(frame.bytes) : `${frame.head}… (${frame.sizeBytes} bytes)`;
    if (line === "") return;
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    this.#options.onStderr(line);
  }

  #notReading(): GatewayError {
    const { name } = this.#options.server;
    return new GatewayError(
      "MCPX_UPSTREAM_CLOSED",
      `Cannot send to server "${name}": it does not read its input`,
      {
        remedy: `mcpproxy upstream restart ${name}`,
        details: { server: name },
      },
    );
  }
}

async function readFrames(
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  maxBytes: number,
  onFrame: (frame: Frame) => void,
): Promise<void> {
  const framer = createLineFramer(maxBytes);
  // A broken pipe ends the stream; how the process ended is told by its exit.
  const next = () => reader?.read().catch(() => undefined);
  for (let part = await next(); part?.value !== undefined; part = await next()) {
    framer.push(part.value).forEach(onFrame);
  }
  framer.end().forEach(onFrame);
}

/** Reads a message, or the messages of a batch; `undefined` for anything else. */
function parseMessages(text: string): readonly WireMessage[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const messages = Array.isArray(value) ? value : [value];
    return messages.length > 0 && messages.every(isMessage) ? messages : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is WireMessage {
  return typeof value === "object" && value !== null && "jsonrpc" in value;
}
