import { GatewayError, parseJson, type ServerConfig } from "../contracts/mod.ts";
import type { ChildProcess, ExitStatus, Platform } from "../platform/mod.ts";
import { type Chunks, openChunks } from "./chunks.ts";
import { idOfCut } from "./cut_message.ts";
import { type Frame, readFrames, toText } from "./framing.ts";
import { createLineGate, type LineGate } from "./line_gate.ts";
import { PipeWriter } from "./pipe_writer.ts";
import { endGroup, type StopGrace } from "./process_group.ts";
import type { Transport, TransportEvents, WireMessage } from "./transport.ts";
import { END_LENGTH, isUnasked, LONG_BYTES } from "./unasked.ts";
import { settledWithin } from "./within.ts";

/** What a stdio transport is opened with. */
export interface StdioOptions extends TransportEvents {
  readonly platform: Platform;
  readonly server: ServerConfig;
  readonly environment: Readonly<Record<string, string>>;
  readonly cwd: string | undefined;
  readonly maxMessageBytes: number;
  readonly grace: StopGrace;
  /** Lines of standard error, and lines of standard output that are no message; of a flood not all of them. */
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
/** A process that has nothing at stake gets no more than this of each grace. */
const SHORT_MS = 1_000;
/** What a process has written is read within this time, unless something else holds its pipes open. */
const DRAIN_MS = 500;
/** A program that prints so many lines in a row which are no messages does not speak MCP any more. */
const MAX_GARBAGE_IN_A_ROW = 1_000;

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
    mark: platform.random.uuid(),
    label: server.name,
  });
  const transport = new Stdio(child, options);
  transport.run();
  return transport;
}

class Stdio implements StdioTransport {
  readonly wire = "stdio";
  readonly #child: ChildProcess;
  readonly #options: StdioOptions;
  readonly #writer: PipeWriter;
  readonly #stdout: Chunks;
  readonly #stderr: Chunks;
  readonly #gate: LineGate;
  readonly #lines: string[] = [];
  #read: Promise<unknown> = Promise.resolve();
  #watched: Promise<void> = Promise.resolve();
  #ending: Promise<void> | undefined;
  #exited = false;
  #ended: ProcessEnded | undefined;
  #isClosing = false;
  readonly #inVain = Promise.withResolvers<void>();
  #told = false;
  #agreed = false;
  #garbage = { total: 0, inARow: 0 };

  constructor(child: ChildProcess, options: StdioOptions) {
    const { clock } = options.platform;
    this.#child = child;
    this.#options = options;
    this.#writer = new PipeWriter(child.stdin, { clock, notReading: () => this.#notReading() });
    this.#stdout = openChunks(child.stdout);
    this.#stderr = openChunks(child.stderr);
    this.#gate = createLineGate({ clock, onLine: options.onStderr });
  }

  run(): void {
    this.#read = Promise.all([
      readFrames(this.#stdout.next, this.#options.maxMessageBytes, (frame) => this.#onFrame(frame)),
      readFrames(this.#stderr.next, MAX_STDERR_LINE_BYTES, (frame) => this.#onStderr(frame)),
    ]);
    this.#watched = this.#watch();
  }

  get pid(): number {
    return this.#child.pid;
  }

  sawGarbage(): boolean {
    return this.#garbage.total > 0;
  }

  setProtocolVersion(): void {
    this.#agreed = true;
  }

  send(message: WireMessage): Promise<void> {
    return this.#writer.write(encoder.encode(JSON.stringify(message) + "\n"))
      .catch((error) => this.#explain(error));
  }

  /** A pipe breaks a moment before its process is known to have ended; the end tells more. */
  async #explain(error: unknown): Promise<never> {
    const isBroken = !(error instanceof GatewayError);
    if (isBroken) await settledWithin(this.#options.platform.clock, SHORT_MS, this.#watched);
    throw this.#ended ?? error;
  }

  async close(): Promise<void> {
    this.#told = true;
    // A server that never got to work has nothing to save.
    this.#ending ??= this.#endByClosing(this.#agreed ? Infinity : SHORT_MS);
    await this.#ending;
    if (this.#exited) await this.#watched;
    this.#gate.end();
  }

  #endByClosing(maxStdinMs: number): Promise<void> {
    const { stdin, term } = this.#options.grace;
    this.#writer.close();
    this.#isClosing = true;
    return this.#end({ stdin: Math.min(stdin, maxStdinMs), term });
  }

  /** The exit of the leader is the end, whatever holds its pipes open; what it left behind goes too. */
  async #watch(): Promise<void> {
    const status = await this.#child.exited;
    this.#exited = true;
    if (this.#ending === undefined) {
      this.#writer.abort();
      this.#ending = this.#end({ stdin: 0, term: Math.min(this.#options.grace.term, SHORT_MS) });
    }
    await settledWithin(this.#options.platform.clock, DRAIN_MS, this.#read);
    this.#gate.end();
    this.#ended = new ProcessEnded(status, [...this.#lines]);
    this.#tellClosed(this.#ended);
  }

  #tellClosed(cause: unknown): void {
    if (this.#told) return;
    this.#told = true;
    this.#options.onClosed(cause);
  }

  async #end(grace: StopGrace): Promise<void> {
    const { clock } = this.#options.platform;
    await endGroup(this.#child, clock, grace, this.#inVain.promise);
    // A process that nobody can find may hold the pipes open; nobody waits for what it writes.
    if (!await settledWithin(clock, SHORT_MS, this.#read)) {
      for (const output of [this.#stdout, this.#stderr]) output.cancel();
    }
  }

  #onFrame(frame: Frame): void {
    if (frame.kind === "oversize") {
      this.#garbage.inARow = 0;
      return this.#options.onOversize(idOfCut(frame.head, frame.tail), frame.sizeBytes);
    }
    const { bytes } = frame;
    if (bytes.length > LONG_BYTES && this.#isUnasked(bytes)) return this.#options.onUnasked?.(bytes.length);
    const text = toText(bytes);
    if (text === "") return;
    const messages = parseMessages(text);
    if (messages === undefined) return this.#onGarbage(text);
    this.#garbage.inARow = 0;
    messages.forEach((message) => this.#onMessage(message));
  }

  #isUnasked(bytes: Uint8Array<ArrayBuffer>): boolean {
    const { isAwaited } = this.#options;
    if (isAwaited === undefined) return false;
    return isUnasked(toText(bytes.subarray(0, END_LENGTH)), toText(bytes.subarray(-END_LENGTH)), isAwaited);
  }

  /** A server that asks after its standard input was closed waits for an answer that cannot come. */
  #onMessage(message: WireMessage): void {
    if (this.#isClosing && "method" in message && "id" in message) this.#inVain.resolve();
    this.#options.onMessage(message);
  }

  #onGarbage(text: string): void {
    const total = ++this.#garbage.total;
    this.#gate.take(`[stdout] ${text.slice(0, MAX_STDERR_LINE_BYTES)}`);
    if (total >= 10 && Number.isInteger(Math.log10(total))) {
      this.#options.onStderr(`[mcpproxy] ${total} lines of standard output were no MCP messages so far`);
    }
    if (++this.#garbage.inARow <= MAX_GARBAGE_IN_A_ROW || this.#ending !== undefined) return;
    this.#ending = this.#endByClosing(SHORT_MS);
    this.#tellClosed(this.#onlyGarbage());
  }

  #onStderr(frame: Frame): void {
    const line = frame.kind === "line" ? toText(frame.bytes) : `${frame.head}… (${frame.sizeBytes} bytes)`;
    if (line === "") return;
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    this.#gate.take(line);
  }

  #notReading(): GatewayError {
    const { name } = this.#options.server;
    return new GatewayError(
      "MCPX_UPSTREAM_CLOSED",
      `Cannot send to server "${name}": it does not read its input`,
      { remedy: `mcpproxy upstream restart ${name}`, details: { server: name } },
    );
  }

  #onlyGarbage(): GatewayError {
    const { name } = this.#options.server;
    return new GatewayError(
      this.#agreed ? "MCPX_UPSTREAM_PROTOCOL" : "MCPX_STDIO_HANDSHAKE_INVALID",
      `Cannot use server "${name}": its program printed more than ${MAX_GARBAGE_IN_A_ROW} lines in a row ` +
        "that are no MCP messages",
      { remedy: `See what it prints: mcpproxy upstream logs ${name}`, details: { server: name } },
    );
  }
}

/** Reads a message, or the messages of a batch; `undefined` for anything else. */
function parseMessages(text: string): readonly WireMessage[] | undefined {
  try {
    const value: unknown = parseJson(text);
    const messages = Array.isArray(value) ? value : [value];
    return messages.length > 0 && messages.every(isMessage) ? messages : undefined;
  } catch {
    return undefined;
  }
}

function isMessage(value: unknown): value is WireMessage {
  return typeof value === "object" && value !== null && "jsonrpc" in value;
}
