import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type Gateway, openGateway } from "../../mod.ts";
import { ERROR_KINDS } from "../../lib/contracts/mod.ts";
import { createDenoPlatform, type Platform } from "../../lib/platform/mod.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";
import {
  call,
  change,
  checkKept,
  countCalls,
  type Disk,
  fillAndFree,
  hasten,
  openScene,
  waitForStorage,
  writeConfig,
} from "./disk_scene.ts";
import { findLeftovers } from "./driver.ts";
import { withFailpoints } from "./failpoints.ts";
import { createChance, inRound, rounds, SEED } from "./random.ts";
import { mountSmallDisk, takeRoom } from "./small_disk.ts";

Deno.test("a gateway whose disk fills up at any write goes on, says so, loses nothing and recovers", async () => {
  await using workspace = await openWorkspace();
  await writeConfig(workspace);
  const chance = createChance(SEED);
  let writesLeft = Infinity;
  const platform = withFailpoints(createDenoPlatform(), ({ number, name }) => {
    // The end of an operation and the locks take no space.
    if (number < 0 || /^(?:lock|tryLock|open) /.test(name)) return "pass";
    return writesLeft-- > 0 ? "pass" : "full";
  });
  const disk: Disk = {
    fill: () => void (writesLeft = chance.below(7)),
    free: () => void (writesLeft = Infinity),
  };
  const count = rounds({ short: 60, long: 500 });
  let refused = 0;
  let calls = 0;
  {
    await using scene = await openScene(workspace, platform);
    for (let point = 0; point < count; point++) {
      refused += await inRound(`point ${point}`, () => fillAndFree(scene, disk, chance));
    }
    calls = scene.calls;
    match(scene.notices.join("\n"), /database or disk is full; trying again/);
    match(scene.notices.join("\n"), /All waiting changes are saved again/);
    match(scene.complaints.join(""), /log file not writable .*No space left/);
  }
  ok(refused > count / 2, `${refused} changes were refused`);
  strictEqual(await countCalls(workspace), calls, "every call is counted");
  console.log(`${count} times a full disk: ${refused} changes refused, ${calls} calls answered, 0 lost`);
});

Deno.test("a gateway whose disk does not answer any more goes on, says so, and ends when it is told to", async () => {
  await using workspace = await openWorkspace();
  await writeConfig(workspace);
  let isStuck = false;
  const platform = withFailpoints(
    createDenoPlatform(),
    ({ number, name }) => isStuck && number > 0 && name.startsWith("commit") ? "hang" : "pass",
  );
  const notices: readonly string[] = await (async () => {
    await using scene = await openScene(workspace, platform);
    isStuck = true;
    await call(scene);
    match(await waitForStorage(scene, "degraded"), /the disk has not answered for 10 s/);
    await call(scene);
    return scene.notices;
  })();
  match(notices.at(-1) ?? "", /^Cannot save \d+ changes: the storage closes, they are lost$/);
});

Deno.test("a gateway that starts on a full disk either works or says why not, and starts once there is room", async () => {
  const chance = createChance(SEED);
  const outcomes = { started: 0, refused: 0 };
  for (let at = 1; at <= rounds({ short: 20, long: 30 }); at++) {
    await inRound(`start, full from operation ${at}`, async () => {
      await using workspace = await openWorkspace();
      await writeConfig(workspace);
      const isFresh = chance.below(2) === 0;
      if (!isFresh) await (await openQuietly(workspace, createDenoPlatform()))[Symbol.asyncDispose]();
      const full = withFailpoints(createDenoPlatform(), ({ number }) => number >= at ? "full" : "pass");
      try {
        await (await openQuietly(workspace, full))[Symbol.asyncDispose]();
        outcomes.started++;
      } catch (error) {
        outcomes.refused++;
        const { code, message, remedy } = error as {
          code: keyof typeof ERROR_KINDS;
          message: string;
          remedy: string;
        };
        deepStrictEqual([code, ERROR_KINDS[code]?.exit], ["MCPX_DISK_FULL", 5], String(error));
        match(message, /^Cannot .*(?:full|No space left)/);
        match(remedy, /^Free space/);
      }
      await (await openQuietly(workspace, createDenoPlatform()))[Symbol.asyncDispose]();
      deepStrictEqual(findLeftovers(workspace), []);
    });
  }
  ok(outcomes.started > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
});

function openQuietly({ config, dataDir }: Workspace, platform: Platform): Promise<Gateway> {
  return openGateway({ platform: hasten(platform), config, dataDir });
}

Deno.test("a gateway on a real disk of 8 MB that is filled and emptied loses nothing", async () => {
  const directory = await Deno.makeTempDir({ prefix: "mp-" });
  await using mounted = await mountSmallDisk(directory);
  if (mounted === undefined) {
    await Deno.remove(directory);
    console.log("Not run: a disk of 8 MB cannot be mounted here, which takes Linux and the right to mount");
    return;
  }
  const path = join(directory, "config.json");
  const workspace: Workspace = {
    directory,
    config: path,
    dataDir: join(directory, "data"),
    write: (text) => Deno.writeTextFile(path, String(text), { mode: 0o600 }),
    read: () => Deno.readTextFile(path),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await writeConfig(workspace);
  const chance = createChance(SEED);
  const junk = join(directory, "junk");
  const disk: Disk = {
    fill: () => takeRoom(junk, 4_096 * chance.below(4)),
    free: () => Deno.remove(junk),
  };
  const count = rounds({ short: 20, long: 200 });
  let calls = 0;
  let refused = 0;
  {
    await using scene = await openScene(workspace, createDenoPlatform());
    for (let point = 0; point < count; point++) {
      await inRound(`8 MB, point ${point}`, async () => {
        await disk.fill();
        refused += await change(scene, chance);
        await call(scene);
        await disk.free();
        await checkKept(scene);
        strictEqual(await change(scene, chance), 0, "changes work again");
        await waitForStorage(scene, "healthy");
      });
    }
    calls = scene.calls;
  }
  strictEqual(await countCalls(workspace), calls, "every call is counted");
  ok(refused > 0, "some changes did not fit");
  console.log(`${count} times 8 MB full: ${refused} changes refused, ${calls} calls answered, 0 lost`);
});
