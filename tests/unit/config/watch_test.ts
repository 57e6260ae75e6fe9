import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { watchConfig } from "../../../lib/config/watch.ts";
import { createDenoPlatform, type WatchEvents } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const real = createDenoPlatform();

interface Scene extends AsyncDisposable {
  readonly directory: string;
  readonly path: string;
  /** Resolves when the watch has seen something new and the debounce is over. */
  seen(act: () => Promise<unknown>): Promise<void>;
  readonly calls: number;
}

/** A watched file whose debounce is turned by hand, so that only the system's own events are waited for. */
async function openScene(prepare: (directory: string) => Promise<string>): Promise<Scene> {
  const directory = await Deno.realPath(await Deno.makeTempDir({ prefix: "mp-watch-" }));
  const path = await prepare(directory);
  const clock = createManualClock();
  let wake = Promise.withResolvers<void>();
  let calls = 0;
  const looked = Promise.withResolvers<void>();
  const files = {
    ...real.files,
    async stat(target: string) {
      const found = await real.files.stat(target);
      looked.resolve();
      return found;
    },
    watch: (folder: string, events: WatchEvents) =>
      real.files.watch(folder, {
        onChange() {
          events.onChange();
          wake.resolve();
        },
        onEnd: events.onEnd,
      }),
  };
  const watch = watchConfig({ files, clock, path, onChange: () => calls++ });
  // The first look at the disk sets the watches up before it asks for the file; without them no event would come.
  await looked.promise;
  await clock.advanceAsync(500);
  return {
    directory,
    path,
    async seen(act) {
      wake = Promise.withResolvers();
      const before = calls;
      await act();
      await wake.promise;
      clock.advance(499);
      clock.advance(501);
      ok(calls > before);
    },
    get calls() {
      return calls;
    },
    async [Symbol.asyncDispose]() {
      await watch[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

async function plainFile(directory: string): Promise<string> {
  const path = join(directory, "config.json");
  await Deno.writeTextFile(path, "{}");
  return path;
}

Deno.test("watchConfig() sees writes in place, renames over it, and deletion", async () => {
  await using scene = await openScene(plainFile);
  await scene.seen(() => Deno.writeTextFile(scene.path, '{"a": 1}'));
  for (const text of ["{}", '{"b": 2}']) {
    await scene.seen(async () => {
      await Deno.writeTextFile(`${scene.path}.new`, text);
      await Deno.rename(`${scene.path}.new`, scene.path);
    });
  }
  await scene.seen(() => Deno.remove(scene.path));
  await scene.seen(() => Deno.writeTextFile(scene.path, "{}"));
});

Deno.test("watchConfig() sees a link that is moved and its far end that is written", async () => {
  await using scene = await openScene(async (directory) => {
    await Deno.mkdir(join(directory, "one"));
    await Deno.mkdir(join(directory, "two"));
    for (const folder of ["one", "two"]) {
      await Deno.writeTextFile(join(directory, folder, "config.json"), "{}");
    }
    await Deno.symlink(join(directory, "one", "config.json"), join(directory, "config.json"));
    return join(directory, "config.json");
  });
  await scene.seen(() => Deno.writeTextFile(join(scene.directory, "one", "config.json"), '{"a": 1}'));
  await scene.seen(async () => {
    await Deno.symlink(join(scene.directory, "two", "config.json"), join(scene.directory, "next"));
    await Deno.rename(join(scene.directory, "next"), scene.path);
  });
});

Deno.test("watchConfig() sees an editor that empties the file and then fills it, as one change", async () => {
  await using scene = await openScene(plainFile);
  await scene.seen(async () => {
    await Deno.writeTextFile(scene.path, "");
    await Deno.writeTextFile(scene.path, '{"a": 1}');
  });
});

Deno.test("watchConfig() sees the directory behind a link be swapped, as a mounted config is", async () => {
  await using scene = await openScene(async (directory) => {
    for (const version of ["v1", "v2"]) {
      await Deno.mkdir(join(directory, version));
      await Deno.writeTextFile(join(directory, version, "config.json"), "{}");
    }
    await Deno.symlink("v1", join(directory, "..data"));
    await Deno.symlink(join("..data", "config.json"), join(directory, "config.json"));
    return join(directory, "config.json");
  });
  await scene.seen(async () => {
    await Deno.symlink("v2", join(scene.directory, "..next"));
    await Deno.rename(join(scene.directory, "..next"), join(scene.directory, "..data"));
  });
});

Deno.test("watchConfig() outlives its directory: gone, made anew, or not there at first", async () => {
  const directory = await Deno.realPath(await Deno.makeTempDir({ prefix: "mp-watch-" }));
  const folder = join(directory, "conf");
  const path = join(folder, "config.json");
  const clock = createManualClock();
  let calls = 0;
  let looked = Promise.withResolvers<void>();
  const files = {
    ...real.files,
    // A look asks for the real path first of all, and for the file last if there is one.
    async realPath(target: string) {
      return await real.files.realPath(target).catch((error) => {
        queueMicrotask(() => looked.resolve());
        throw error;
      });
    },
    async stat(target: string) {
      const found = await real.files.stat(target);
      looked.resolve();
      return found;
    },
  };
  const look = async () => {
    looked = Promise.withResolvers();
    await clock.advanceAsync(2_000);
    await looked.promise;
    await clock.advanceAsync(501);
  };
  // The system tells of changes when it likes, and each time the wait begins anew: so several looks may be needed.
  const seen = async (what: string, act: () => Promise<void>) => {
    const before = calls;
    await act();
    for (let looks = 0; looks < 50 && calls === before; looks++) await look();
    ok(calls > before, what);
  };
  const watch = watchConfig({ files, clock, path, onChange: () => calls++ });
  try {
    await look();
    await seen("the file has come", async () => {
      await Deno.mkdir(folder);
      await Deno.writeTextFile(path, "{}");
    });
    await seen("the directory has gone", () => Deno.remove(folder, { recursive: true }));
    await seen("and is back", async () => {
      await Deno.mkdir(folder);
      await Deno.writeTextFile(path, '{"a": 1}');
    });
  } finally {
    await watch[Symbol.asyncDispose]();
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("watchConfig() tells of a burst once", async () => {
  const clock = createManualClock();
  let calls = 0;
  let events: WatchEvents | undefined;
  const files = {
    ...real.files,
    realPath: (path: string) => Promise.resolve(path),
    stat: () => Promise.resolve(undefined),
    watch(_folder: string, given: WatchEvents) {
      events = given;
      return { [Symbol.dispose]: () => given.onEnd() };
    },
  };
  const watch = watchConfig({ files, clock, path: "/x/config.json", onChange: () => calls++ });
  await clock.advanceAsync(0);

  for (let i = 0; i < 20; i++) {
    events?.onChange();
    clock.advance(100);
  }
  strictEqual(calls, 0);
  clock.advance(500);
  strictEqual(calls, 1);

  await watch[Symbol.asyncDispose]();
  strictEqual(clock.pending, 0);
});

Deno.test("watchConfig() does not wait longer because the poll finds what the system has told already", async () => {
  const clock = createManualClock();
  const told: WatchEvents[] = [];
  let modifiedAt = 0;
  const files = {
    ...real.files,
    realPath: (path: string) => Promise.resolve(path),
    stat: () => Promise.resolve({ kind: "file", sizeBytes: 2, modifiedAt, mode: 0o600, uid: 0 } as const),
    watch(_directory: string, events: WatchEvents) {
      told.push(events);
      return { [Symbol.dispose]: () => {} };
    },
  };
  let calls = 0;
  await using _watch = watchConfig({ files, clock, path: "/c/config.json", onChange: () => calls++ });
  await clock.advanceAsync(1_600);
  strictEqual(calls, 1);

  modifiedAt = 1;
  told[0]?.onChange();
  await clock.advanceAsync(499);
  strictEqual(calls, 1);
  await clock.advanceAsync(1);
  strictEqual(calls, 2);
  await clock.advanceAsync(4_000);
  strictEqual(calls, 2);
});
