import { GatewayError, type ServerConfig } from "../contracts/mod.ts";
import { type ChildProcess, type ExitStatus, openDeadline, type Platform } from "../platform/mod.ts";
import { createLineFramer, type Frame, idInHead } from "./framing.ts";
import { endGroup, type StopGrace } from "./process_group.ts";
import type { Transport, TransportEvents, WireMessage } from "./transport.ts";

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
  /** Last lines of standard error. */
  lastLines(): readonly string[];
  /** Whether something that is no message came over standard output. */
  sawGarbage(): boolean;
}

/** How the process of a server ended. */
export class ProcessEnded extends Error {
  readonly status: ExitStatus;
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
  return new Stdio(child, options);
}

class Stdio implements StdioTransport {
  readonly wire = "stdio";
  readonly #child: ChildProcess;
  readonly #options: StdioOptions;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #lines: string[] = [];
  readonly #readers: Promise<unknown>;
  #garbage = false;
  #queuedBytes = 0;
  #closing: Promise<void> | undefined;

  constructor(child: ChildProcess, options: StdioOptions) {
    this.#child = child;
    this.#options = options;
    this.#writer = child.stdin.getWriter();
    this.#readers = Promise.all([
      readFrames(child.stdout, options.maxMessageBytes, (frame) => this.#onFrame(frame)),
      readFrames(child.stderr, MAX_STDERR_LINE_BYTES, (frame) => this.#onStderr(frame)),
    ]);
    void this.#watch();
  }

  get pid(): number {
    return this.#child.pid;
  }

  lastLines(): readonly string[] {
    return this.#lines;
  }

  sawGarbage(): boolean {
    return this.#garbage;
  }

  setProtocolVersion(): void {}

  async send(message: WireMessage): Promise<void> {
    const bytes = encoder.encode(JSON.stringify(message) + "\n");
    if (this.#queuedBytes + bytes.length > MAX_QUEUED_BYTES) throw this.#notReading();
    this.#queuedBytes += bytes.length;
    using deadline = openDeadline(this.#options.platform.clock, WRITE_TIMEOUT_MS, {
      onExpired: () => this.#notReading(),
    });
    const expired = new Promise<never>((_resolve, reject) => {
      deadline.signal.addEventListener("abort", () => reject(deadline.signal.reason), { once: true });
    });
    try {
      await Promise.race([this.#writer.write(bytes), expired]);
    } finally {
      this.#queuedBytes -= bytes.length;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    // A pipe that the server does not read never finishes closing; the group's end settles it.
    void this.#writer.close().catch(() => {});
    await endGroup(this.#child, this.#options.platform.clock, this.#options.grace);
    await this.#readers;
  }

  /** The leader has gone: what it left behind goes too, then the owner learns of it. */
  async #watch(): Promise<void> {
    const status = await this.#child.exited;
    const isOurs = this.#closing !== undefined;
    if (isOurs) return;
    const { clock } = this.#options.platform;
    this.#closing = (async () => {
      void this.#writer.abort().catch(() => {}); // nobody reads the pipe any more
      await endGroup(this.#child, clock, { stdin: 0, term: this.#options.grace.term });
      await this.#readers;
    })();
    await this.#closing;
    this.#options.onClosed(new ProcessEnded(status, [...this.#lines]));
  }

  #onFrame(frame: Frame): void {
    if (frame.kind === "oversize") return this.#options.onOversize(idInHead(frame.head), frame.sizeBytes);
    const message = parseMessage(frame.text);
    if (message !== undefined) return this.#options.onMessage(message);
    this.#garbage = true;
    this.#options.onStderr(`[stdout] ${frame.text.slice(0, MAX_STDERR_LINE_BYTES)}`);
  }

  #onStderr(frame: Frame): void {
    const line = frame.kind === "line" ? frame.text : `${frame.head}… (${frame.sizeBytes} bytes)`;
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
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  onFrame: (frame: Frame) => void,
): Promise<void> {
  const framer = createLineFramer(maxBytes);
  try {
    for await (const chunk of stream) framer.push(chunk).forEach(onFrame);
  } catch {
    // A broken pipe ends the stream; how the process ended is told by its exit.
  }
  framer.end().forEach(onFrame);
}

function parseMessage(text: string): WireMessage | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return "jsonrpc" in value ? value as WireMessage : undefined; // an object, as just shown
  } catch {
    return undefined;
  }
}
