import { type Platform, sleep } from "../platform/mod.ts";

/** How a short command ended. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Longest output that anybody reads. */
const MAX_CHARS = 64 * 1024;

/**
 * Runs a command to its end, without input.
 *
 * @returns `undefined` if it is not there, or takes longer than `timeoutMs`; then it is ended.
 */
export async function run(
  platform: Platform,
  command: readonly string[],
  { env, timeoutMs }: { readonly env: Readonly<Record<string, string>>; readonly timeoutMs: number },
): Promise<RunResult | undefined> {
  const [program = "", ...args] = command;
  const child = tryTo(() => platform.processes.spawn({ command: program, args, env, cwd: "/" }));
  if (child === undefined) return undefined;
  const output = Promise.all([child.stdin.close().catch(() => {}), read(child.stdout), read(child.stderr)]);
  const late = new AbortController();
  const inTime = await Promise.race([
    child.exited.then(() => true),
    sleep(platform.clock, timeoutMs, late.signal).then(() => false, () => false),
  ]);
  late.abort();
  if (!inTime) child.signalGroup("SIGKILL");
  const [{ code }, [, stdout, stderr]] = await Promise.all([child.exited, output]);
  return inTime ? { code, stdout, stderr } : undefined;
}

async function read(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    if (text.length < MAX_CHARS) text += decoder.decode(chunk, { stream: true });
  }
  return text.trim();
}

function tryTo<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
