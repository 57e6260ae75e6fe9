/** A place text goes to. */
export interface Output {
  readonly isTerminal: boolean;
  /** Columns of the terminal, `undefined` if it is none. */
  width(): number | undefined;
  /**
   * Writes a text; texts appear in the order of the calls.
   *
   * @throws {Deno.errors.BrokenPipe} On stdout, if its reader has gone.
   */
  write(text: string): Promise<void>;
}

/** The person or program at the other end of this process. */
export interface Terminal {
  /** For data. */
  readonly stdout: Output;
  /** For everything else. */
  readonly stderr: Output;
  /** Whether someone is there to answer a question. */
  readonly isInteractive: boolean;
  /** Reads stdin to its end. */
  readAll(): Promise<string>;
  /** Reads stdin line by line to its end, or until the signal aborts. */
  readLines(signal: AbortSignal): AsyncIterable<string>;
  /** Reads one line of stdin; `undefined` at its end. */
  readLine(): Promise<string | undefined>;
  /** Reads a line that is typed without being shown; `undefined` at Ctrl-C and at the end of stdin. */
  readHidden(): Promise<string | undefined>;
  /**
   * Lets a person edit a file.
   *
   * @param editor Command of the editor, with options of its own if need be.
   * @returns Exit code of the editor.
   */
  edit(editor: string, path: string): Promise<number>;
  /** Calls back for every Ctrl-C and SIGTERM until disposed; before and after, they end the process. */
  onInterrupt(callback: () => void): Disposable;
}

/** Signals by which a command is asked to end; a server that it started must end with it. */
const ENDING_SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** The terminal of this process. */
export function createDenoTerminal(): Terminal {
  return {
    stdout: createOutput(Deno.stdout),
    stderr: createErrorOutput(),
    isInteractive: Deno.stdin.isTerminal() && Deno.stderr.isTerminal(),
    readAll: () => new Response(Deno.stdin.readable).text(),
    readLines,
    readLine,
    readHidden,
    edit,
    onInterrupt(callback) {
      for (const signal of ENDING_SIGNALS) Deno.addSignalListener(signal, callback);
      return {
        [Symbol.dispose]() {
          for (const signal of ENDING_SIGNALS) Deno.removeSignalListener(signal, callback);
        },
      };
    },
  };
}

const encoder = new TextEncoder();

function createOutput(stream: typeof Deno.stdout | typeof Deno.stderr): Output {
  const isTerminal = stream.isTerminal();
  let last: Promise<void> = Promise.resolve();
  return {
    isTerminal,
    width: () => isTerminal ? widthNow() : undefined,
    write(text) {
      const next = last.then(() => writeAll(stream, text));
      last = next.catch(() => {});
      return next;
    },
  };
}

/** Notes that nobody reads any more change nothing about the command. */
function createErrorOutput(): Output {
  const output = createOutput(Deno.stderr);
  return { ...output, write: (text) => output.write(text).catch(() => {}) };
}

async function writeAll(stream: typeof Deno.stdout | typeof Deno.stderr, text: string): Promise<void> {
  const bytes = encoder.encode(text);
  for (let written = 0; written < bytes.length;) written += await stream.write(bytes.subarray(written));
}

function widthNow(): number | undefined {
  try {
    const { columns } = Deno.consoleSize();
    return columns > 0 ? columns : undefined;
  } catch {
    return undefined;
  }
}

async function* readLines(signal: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoderStream();
  const parts: string[] = [];
  try {
    for await (const chunk of Deno.stdin.readable.pipeThrough(decoder, { signal, preventCancel: true })) {
      const [first = "", ...rest] = chunk.split("\n");
      parts.push(first);
      for (const line of rest) {
        yield parts.splice(0).join("").replace(/\r$/, "");
        parts.push(line);
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  const last = parts.join("");
  if (last !== "" && !signal.aborted) yield last;
}

async function readLine(): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(1024);
  let line = "";
  while (!line.includes("\n")) {
    const count = await Deno.stdin.read(chunk);
    if (count === null) return line === "" ? undefined : line;
    line += decoder.decode(chunk.subarray(0, count), { stream: true });
  }
  return line.slice(0, line.indexOf("\n"));
}

async function readHidden(): Promise<string | undefined> {
  Deno.stdin.setRaw(true);
  try {
    return await readTyped();
  } finally {
    Deno.stdin.setRaw(false);
  }
}

/** In raw mode the keys come as they are. */
async function readTyped(): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(1024);
  let typed: string[] = [];
  while (true) {
    const count = await Deno.stdin.read(chunk);
    if (count === null) return undefined;
    for (const key of decoder.decode(chunk.subarray(0, count), { stream: true })) {
      if (key === "\r" || key === "\n") return typed.join("");
      if (key === "\x03" || key === "\x04") return undefined;
      typed = key === "\x7f" || key === "\b" ? typed.slice(0, -1) : [...typed, key];
    }
  }
}

/** By the shell, since people put options into `EDITOR`; the path is no part of what the shell reads. */
async function edit(editor: string, path: string): Promise<number> {
  const [command, args] = Deno.build.os === "windows"
    ? ["cmd", ["/c", `${editor} "${path}"`]] as const
    : ["sh", ["-c", `${editor} "$1"`, "sh", path]] as const;
  const { code } = await new Deno.Command(command, {
    args: [...args],
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  return code;
}
