import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { createDenoPlatform, type Files } from "../../../lib/platform/mod.ts";
import { type IndexFile, openIndexFile, openToolIndex, type ToolIndex } from "../../../lib/search/mod.ts";
import { createManualClock, type ManualClock } from "../../support/manual_clock.ts";
import { listOf } from "./index_writer.ts";
import { ids, tool } from "./tool_index_fixture.ts";

const WRITER = new URL("index_writer.ts", import.meta.url).pathname;
const PAUSE_MS = 5_000;
const LONG_PAUSE_MS = 60_000;

interface Scene extends AsyncDisposable {
  readonly path: string;
  readonly clock: ManualClock;
  readonly failures: string[];
  readonly faults: { write?: Error; read?: Error };
  /** Resolves when the file has been written once more. */
  written(): Promise<void>;
  open(): IndexFile;
  names(): string[];
}

async function openScene(): Promise<Scene> {
  const directory = await Deno.makeTempDir();
  const { files } = createDenoPlatform();
  const clock = createManualClock();
  const [failures, faults]: [string[], Scene["faults"]] = [[], {}];
  let news = Promise.withResolvers<void>();
  const path = join(directory, "search.index");
  const watched: Files = {
    ...files,
    async readBytes(...args) {
      if (faults.read) throw faults.read;
      return await files.readBytes(...args);
    },
    async writeAtomic(...args) {
      try {
        if (faults.write) throw faults.write;
        await files.writeAtomic(...args);
      } finally {
        news.resolve();
      }
    },
  };
  return {
    path,
    clock,
    failures,
    faults,
    async written() {
      let isOver = false;
      void news.promise.then(() => isOver = true);
      while (!isOver) {
        // The index is written in slices, which the clock lets go on; the disk takes real time.
        await clock.advanceAsync(0);
        await new Promise((resolve) => setTimeout(resolve));
      }
      news = Promise.withResolvers();
    },
    open: () =>
      openIndexFile({
        files: watched,
        clock,
        path,
        onFailure: (doing, cause) =>
          failures.push(`${doing}: ${cause instanceof Error ? cause.message : cause}`),
      }),
    names: () => [...Deno.readDirSync(directory)].map(({ name }) => name).sort(),
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

const tools = [tool("read_file", "Read a file"), tool("write_file", "Write a file")];

function fill(index: ToolIndex): ToolIndex {
  index.replaceServer("files", tools);
  return index;
}

async function reopened(scene: Scene): Promise<ToolIndex> {
  const index = openToolIndex();
  await using file = scene.open();
  await file.serve(index);
  return index;
}

Deno.test("openIndexFile() writes an index a while after a change, for nobody else to read", async () => {
  await using scene = await openScene();
  await using file = scene.open();
  const index = openToolIndex();
  await file.serve(index);
  file.touch();
  strictEqual(scene.clock.pending, 0, "nothing has changed");

  fill(index);
  file.touch();
  file.touch();
  await scene.clock.advanceAsync(PAUSE_MS - 1);
  deepStrictEqual([scene.names(), scene.clock.pending], [[], 1]);
  await scene.clock.advanceAsync(1);
  await scene.written();

  deepStrictEqual(scene.names(), ["search.index"]);
  strictEqual((Deno.statSync(scene.path).mode ?? 0) & 0o777, 0o600);
  const other = await reopened(scene);
  strictEqual(other.replaceServer("files", tools), 0);
  deepStrictEqual(ids(other, "read"), ["files:read_file"]);
});

Deno.test("openIndexFile() writes what changed meanwhile after a long pause, and nothing without a change", async () => {
  await using scene = await openScene();
  await using file = scene.open();
  const index = openToolIndex();
  await file.serve(index);
  fill(index);
  file.touch();
  await scene.clock.advanceAsync(PAUSE_MS);
  index.replaceServer("more", [tool("send_mail", "Send a mail")]);
  await scene.written();
  await scene.clock.advanceAsync(0);

  file.touch();
  await scene.clock.advanceAsync(LONG_PAUSE_MS - 1);
  deepStrictEqual((await reopened(scene)).waiting, ["files"]);
  await scene.clock.advanceAsync(1);
  await scene.written();

  deepStrictEqual((await reopened(scene)).waiting, ["files", "more"]);
  await scene.clock.advanceAsync(LONG_PAUSE_MS);
  file.touch();
  strictEqual(scene.clock.pending, 0);
});

Deno.test("openIndexFile() writes when it is closed, and only what has changed", async () => {
  await using scene = await openScene();
  {
    await using file = scene.open();
    const index = openToolIndex();
    await file.serve(index);
    fill(index);
    file.touch();
    await Promise.all([file[Symbol.asyncDispose](), scene.written()]);
  }
  const before = Deno.statSync(scene.path).ino;
  {
    await using file = scene.open();
    const index = openToolIndex();
    await file.serve(index);
    fill(index);
    file.touch();
  }
  strictEqual(Deno.statSync(scene.path).ino, before);
  await using file = scene.open();
  const index = openToolIndex();
  await file.serve(index);
  index.removeServer("files");
  await file[Symbol.asyncDispose]();
  deepStrictEqual(scene.names(), [], "an index without tools is no file");
});

Deno.test("openIndexFile() clears away the half that a killed writer has left, and bears any content", async () => {
  await using scene = await openScene();
  // A process with such a number cannot be.
  Deno.writeFileSync(`${scene.path}.tmp.4194399-7`, new Uint8Array(9));
  Deno.writeTextFileSync(scene.path, "rubbish");
  {
    await using file = scene.open();
    const index = openToolIndex();
    await file.serve(index);
    deepStrictEqual([index.size, index.waiting], [0, []]);
    fill(index);
    await file[Symbol.asyncDispose]().then(() => {}, () => {});
  }
  deepStrictEqual(scene.names(), ["search.index"]);
  deepStrictEqual((await reopened(scene)).waiting, ["files"]);
  deepStrictEqual(scene.failures, []);
});

Deno.test("openIndexFile() says that a file cannot be read or written, and goes on", async () => {
  await using scene = await openScene();
  scene.faults.read = new Error("no such luck");
  scene.faults.write = new Error("disk full");
  await using file = scene.open();
  const index = openToolIndex();
  await file.serve(index);
  fill(index);
  file.touch();
  await scene.clock.advanceAsync(PAUSE_MS);
  await scene.written();
  deepStrictEqual(scene.failures, ["read: no such luck", "write: disk full"]);

  scene.faults.write = undefined;
  await scene.clock.advanceAsync(LONG_PAUSE_MS);
  await scene.written();

  deepStrictEqual(scene.names(), ["search.index"]);
});

Deno.test("a writer that is killed leaves the index of before or the one after, whole", async () => {
  await using scene = await openScene();
  const lists = { even: listOf("even"), odd: listOf("odd") };
  for (let kill = 0; kill < 3; kill++) {
    const writer = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", WRITER, scene.path],
      stdout: "piped",
    }).spawn();
    const reader = writer.stdout.pipeThrough(new TextDecoderStream()).getReader();
    match((await reader.read()).value ?? "", /^kept 0/);
    // In the middle of the next file.
    while (!scene.names().some((name) => name.includes(".tmp."))) {
      await new Promise((seen) => setTimeout(seen));
    }
    writer.kill("SIGKILL");
    await writer.status;
    await reader.cancel();

    const index = await reopened(scene);
    deepStrictEqual([index.waiting, scene.names()], [["numbers"], ["search.index"]]);
    // One of the two was kept, and that one needs no tool to be read anew.
    const readAnew = Object.values(lists).map((list) => {
      const copy = openToolIndex();
      ok(copy.restore(Deno.readFileSync(scene.path)));
      return copy.replaceServer("numbers", list);
    });
    deepStrictEqual(readAnew.sort((a, b) => a - b), [0, 1_000]);
  }
});
