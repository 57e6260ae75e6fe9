/**
 * Starts a worker, whose file lies beside the others of the checkout or of the
 * installed program.
 *
 * @param path Below `lib/`, without its ending, such as `tokens/count_worker`.
 * @throws {Error} In a program that is one file.
 */
export function startWorker(path: string): Worker {
  const file = findWorker(path);
  // Deno says on stderr when a worker has no file, whatever is caught.
  if (file === undefined) throw new Error("Cannot start a worker: its file is not here");
  return new Worker(file, { type: "module" });
}

function findWorker(path: string): URL | undefined {
  const here = import.meta.url;
  if (here.endsWith("/lib/platform/workers.ts")) return new URL(`../${path}.ts`, here);
  const built = new URL(`workers/${path}.js`, here);
  return built.protocol === "file:" && isThere(built) ? built : undefined;
}

function isThere(url: URL): boolean {
  try {
    return Deno.statSync(url).isFile;
  } catch {
    return false;
  }
}
