import type { LogLine } from "../contracts/mod.ts";
import { GatewayError } from "../contracts/quick.ts";

/**
 * Yields the log lines of a stream that holds one JSON object a line.
 *
 * Blank lines, which keep a quiet stream open, are skipped. Leaving the loop
 * early cancels the stream, and so does `signal`.
 *
 * @throws {GatewayError} MCPX_INTERNAL — a line is not a log line.
 * @throws The abort reason of `signal`.
 */
export async function* readLogLines(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal?: AbortSignal,
): AsyncGenerator<LogLine> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream(), { signal })) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield parseLogLine(line);
  }
  if (rest.trim() !== "") yield parseLogLine(rest);
}

function parseLogLine(line: string): LogLine {
  try {
    const value: unknown = JSON.parse(line);
    if (isLogLine(value)) return value;
  } catch {
    // Not JSON; told below like any other wrong line.
  }
  throw new GatewayError("MCPX_INTERNAL", "Cannot read the log: the daemon sent a line that is no log line");
}

function isLogLine(value: unknown): value is LogLine {
  if (typeof value !== "object" || value === null) return false;
  return ["timestamp", "level", "message", "server"].every((key) =>
    typeof Reflect.get(value, key) === "string"
  );
}
