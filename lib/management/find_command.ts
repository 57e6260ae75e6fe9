import { isAbsolute, join } from "node:path";
import type { Platform } from "../platform/mod.ts";

const EXECUTABLE = 0o111;

/**
 * Finds the file that a command starts, as the system would.
 *
 * @param path Directories with colons between, as in `PATH`.
 * @returns `undefined` if there is none that may be executed.
 */
export async function findCommand(
  { files, machine }: Pick<Platform, "files" | "machine">,
  command: string,
  { path, cwd }: { readonly path: string; readonly cwd: string },
): Promise<string | undefined> {
  if (command.includes("/")) {
    const whole = isAbsolute(command) ? command : join(cwd, command);
    return await isExecutable(files, whole) ? whole : undefined;
  }
  const [divider, suffixes] = machine.os === "windows" ? [";", ["", ".exe", ".cmd"]] : [":", [""]];
  for (const directory of path.split(divider).filter((one) => one !== "")) {
    for (const suffix of suffixes) {
      const candidate = join(directory, command + suffix);
      if (await isExecutable(files, candidate)) return candidate;
    }
  }
  return undefined;
}

async function isExecutable(files: Platform["files"], path: string): Promise<boolean> {
  try {
    const found = await files.stat(await files.realPath(path));
    return found?.kind === "file" && (found.mode === undefined || (found.mode & EXECUTABLE) !== 0);
  } catch {
    return false;
  }
}
