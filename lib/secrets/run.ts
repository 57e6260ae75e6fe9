import type { Platform } from "../platform/mod.ts";

/** A program that is asked something. */
export interface RunOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly stdin: string;
  /** It is killed after this time. */
  readonly limitMs: number;
}

/** What it has answered. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program of the desktop needs to find its services. */
const ENVIRONMENT = [
  "PATH",
  "HOME",
  "LANG",
  "USER",
  "LOGNAME",
  "DISPLAY",
  "WAYLAND_DISPLAY",
  "XAUTHORITY",
  "XDG_RUNTIME_DIR",
  "DBUS_SESSION_BUS_ADDRESS",
];

/** Runs a program to its end; `undefined` if it cannot be started or takes too long. */
export async function run(platform: Platform, options: RunOptions): Promise<Ran | undefined> {
  const { processes, clock } = platform;
  const env = Object.fromEntries(ENVIRONMENT.flatMap((name) => {
    const value = platform.env[name];
    return value === undefined ? [] : [[name, value]];
  }));
  let child;
  try {
    child = processes.spawn({ command: options.command, args: options.args, env, label: "keyring" });
  } catch {
    return undefined;
  }
  let isLate = false;
  using _limit = clock.after(options.limitMs, () => {
    isLate = true;
    child.signalGroup("SIGKILL");
  });
  const [stdout, stderr, { code }] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
    feed(child.stdin, options.stdin),
  ]);
  return isLate ? undefined : { code, stdout, stderr };
}

async function feed(stdin: WritableStream<Uint8Array<ArrayBuffer>>, text: string): Promise<void> {
  const writer = stdin.getWriter();
  try {
    if (text !== "") await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // It has ended before it had read everything; its exit code says what became of it.
  }
}
