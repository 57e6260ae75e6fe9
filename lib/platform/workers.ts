/**
 * Finds the file of a worker, beside the others of the checkout or of the
 * installed program.
 *
 * @param path Below `lib/`, without its ending, such as `tokens/count_worker`.
 * @returns `undefined` in a program that is one file. Deno says on stderr when a worker has no file, whatever is
 * caught, so ask first.
 */
export function findWorker(path: string): URL | undefined {
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
