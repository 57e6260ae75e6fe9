/**
 * Makes the copy of the example config that `deno task start` works on, if
 * there is none yet: servers that are added go into the copy.
 *
 * @module
 */

const EXAMPLE = new URL("config.json", import.meta.url);
const COPY = new URL("config.local.json", import.meta.url);

/** Copies a file, unless the copy is there; it is its owner's only, since secrets may come into it. */
export async function copyOnce(from: URL, to: URL): Promise<void> {
  const text = await Deno.readTextFile(from);
  try {
    await Deno.writeTextFile(to, text, { createNew: true, mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}

if (import.meta.main) await copyOnce(EXAMPLE, COPY);
