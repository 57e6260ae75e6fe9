/**
 * A real disk of 8 MB, where the system permits one.
 *
 * @module
 */

/** Mounts a disk of 8 MB; `undefined` where that is not permitted. */
export async function mountSmallDisk(directory: string): Promise<AsyncDisposable | undefined> {
  const run = (...args: readonly string[]) =>
    new Deno.Command(args[0] ?? "", { args: args.slice(1), stderr: "null", stdout: "null" }).output();
  if (Deno.build.os !== "linux") return undefined;
  const { success } = await run(
    "mount",
    "-t",
    "tmpfs",
    "-o",
    "size=8m,mode=0700",
    "mcpproxy-chaos",
    directory,
  );
  if (!success) return undefined;
  return {
    async [Symbol.asyncDispose]() {
      await run("umount", directory);
    },
  };
}

/** Takes what room there is, down to the last bytes but some. */
export function takeRoom(path: string, leaveBytes: number): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  let total = 0;
  try {
    for (const size of [65_536, 4_096]) {
      for (const block = new Uint8Array(size);;) {
        try {
          total += file.writeSync(block);
        } catch (error) {
          if (!(error instanceof Error && /No space left/.test(error.message))) throw error;
          break;
        }
      }
    }
  } finally {
    file.truncateSync(Math.max(0, total - leaveBytes));
  }
}
