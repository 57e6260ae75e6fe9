import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Logger } from "../../../lib/observability/mod.ts";
import { createDenoPlatform, type Platform } from "../../../lib/platform/mod.ts";
import { ChildRecord, parseRecord } from "../../../lib/upstream/child_record.ts";
import { openChildren } from "../../../lib/upstream/children.ts";
import { reapLeftOvers } from "../../../lib/upstream/reap.ts";
import type { ChildProcess } from "../../../lib/platform/mod.ts";

const platform = createDenoPlatform();
const OWNER = { pid: 4_000_000_000, identity: "boot/1" };
const { PATH = "" } = Deno.env.toObject();

interface Place extends AsyncDisposable {
  readonly path: string;
  readonly log: Logger;
  readonly logged: unknown[];
  text(): Promise<string>;
}

async function openPlace(): Promise<Place> {
  const directory = await Deno.makeTempDir();
  await Deno.chmod(directory, 0o700);
  const logged: unknown[] = [];
  const at = (level: string) => (message: string, fields?: unknown) =>
    void logged.push({ level, message, fields });
  return {
    path: join(directory, "children.jsonl"),
    log: { trace: at("trace"), debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
    logged,
    text: () => Deno.readTextFile(join(directory, "children.jsonl")),
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

async function endOf(child: ChildProcess): Promise<void> {
  child.signalGroup("SIGKILL");
  await child.exited;
  // What is being killed is not gone at once.
  for (let look = 0; look < 20_000 && child.isGroupAlive(); look++) await Deno.stat("/proc");
  await Promise.all([child.stdout.cancel(), child.stderr.cancel(), child.stdin.abort().catch(() => {})]);
}

/** A program that does not end with its input, nor at SIGTERM. */
const STUBBORN = { command: "sh", args: ["-c", "trap '' TERM; sleep 300; :"], env: { PATH } };

Deno.test("parseRecord() gives whose end was not seen, though the last line is not whole", () => {
  const [one, two, three] = [11, 12, 13].map((pid) => ({ pid, identity: `boot/${pid}`, server: `s${pid}` }));
  const lines = [
    { owner: OWNER, instance: "abc" },
    { started: one },
    { started: two },
    { ended: 11 },
    { started: { ...one, identity: "boot/99" } },
    { ended: 12 },
    { unknown: true },
    { started: { pid: 1, identity: "boot/0", server: "init" } },
    { started: { pid: 0, identity: "boot/0", server: "everybody" } },
    { started: three },
  ].map((line) => JSON.stringify(line));

  deepStrictEqual(parseRecord(lines.join("\n") + '\n{"started":{"pid":14,"iden'), {
    owner: OWNER,
    instance: "abc",
    children: [{ pid: 11, identity: "boot/99", server: "s11" }, three],
  });
  for (const text of ["", "[]", "null", '{"owner":1,"instance":"x"}', lines.slice(1).join("\n")]) {
    strictEqual(parseRecord(text), undefined, text);
  }
});

Deno.test("ChildRecord stays small however many processes come and go", async () => {
  await using place = await openPlace();
  const failures: unknown[] = [];
  using record = new ChildRecord({
    files: platform.files,
    path: place.path,
    owner: OWNER,
    instance: "abc",
    onFailure: (error) => failures.push(error),
  });
  record.begin();
  record.add({ pid: 5, identity: "boot/5", server: "stays" });

  for (let pid = 10; pid < 3_000; pid++) {
    record.add({ pid, identity: `boot/${pid}`, server: "comes and goes" });
    record.remove(pid);
  }

  const text = await place.text();
  ok(text.length < 100_000, `${text.length} bytes`);
  deepStrictEqual(parseRecord(text)?.children, [{ pid: 5, identity: "boot/5", server: "stays" }]);
  deepStrictEqual(failures, []);
});

Deno.test("ChildRecord that cannot be written says so once and lets the gateway work", () => {
  const failures: unknown[] = [];
  using record = new ChildRecord({
    files: platform.files,
    path: "/proc/no/such/place",
    owner: OWNER,
    instance: "abc",
    onFailure: (error) => failures.push(error),
  });

  record.begin();
  record.add({ pid: 5, identity: "boot/5", server: "x" });
  record.remove(5);

  strictEqual(failures.length, 1);
});

Deno.test("openChildren() records, marks and forgets what it starts, and leaves no file", async () => {
  await using place = await openPlace();
  const changes: number[] = [];
  const children = await openChildren({ platform, path: place.path, log: place.log });
  using _subscription = children.onChange(() => changes.push(children.list().length));
  strictEqual(await place.text().catch(() => "none"), "none", "nothing was started yet");

  const child = children.processes.spawn({ ...STUBBORN, label: "memory" });

  const recorded = parseRecord(await place.text());
  deepStrictEqual(recorded?.owner, { pid: Deno.pid, identity: platform.processes.identityOf(Deno.pid) });
  deepStrictEqual(recorded?.children, [
    { pid: child.pid, identity: platform.processes.identityOf(child.pid), server: "memory" },
  ]);
  match(
    await Deno.readTextFile(`/proc/${child.pid}/environ`),
    new RegExp(`MCPPROXY_CHILD=${recorded?.instance}/1\0`),
  );
  await endOf(child);
  deepStrictEqual(parseRecord(await place.text())?.children, []);
  await children[Symbol.asyncDispose]();
  strictEqual(await place.text().catch(() => "none"), "none");
  deepStrictEqual([changes, place.logged], [[1, 0], []]);
});

Deno.test("openChildren() ends what a gateway that is no more has left, and says so", async () => {
  await using place = await openPlace();
  const mark = crypto.randomUUID();
  const one = platform.processes.spawn({ ...STUBBORN, mark: `${mark}/1` });
  const unrecorded = platform.processes.spawn({ ...STUBBORN, mark: `${mark}/2` });
  const stranger = platform.processes.spawn(STUBBORN);
  const identity = platform.processes.identityOf(one.pid);
  await Deno.writeTextFile(
    place.path,
    [
      { owner: OWNER, instance: mark },
      { started: { pid: one.pid, identity, server: "memory" } },
      // Its id went to somebody else since.
      { started: { pid: stranger.pid, identity: "boot/1", server: "gone" } },
    ].map((line) => JSON.stringify(line) + "\n").join(""),
  );
  const reaped: unknown[] = [];

  await using _children = await openChildren({
    platform,
    path: place.path,
    log: place.log,
    onReaped: (found) => reaped.push(found),
  });

  deepStrictEqual([one.isGroupAlive(), unrecorded.isGroupAlive(), stranger.isGroupAlive()], [
    false,
    false,
    true,
  ]);
  deepStrictEqual(reaped, [{ servers: ["memory"], pids: [one.pid] }]);
  deepStrictEqual(place.logged, [{
    level: "warn",
    message: "left-over processes ended",
    fields: { servers: ["memory"], pids: [one.pid] },
  }]);
  for (const child of [one, unrecorded, stranger]) await endOf(child);
});

Deno.test("reapLeftOvers() touches nothing as long as the gateway that wrote the record lives", async () => {
  const mark = crypto.randomUUID();
  const child = platform.processes.spawn({ ...STUBBORN, mark: `${mark}/1` });
  const identityOf = (pid: number) => platform.processes.identityOf(pid);
  const record = (owner: object) =>
    [{ owner, instance: mark }, { started: { pid: child.pid, identity: identityOf(child.pid), server: "a" } }]
      .map((line) => JSON.stringify(line)).join("\n");

  strictEqual(
    await reapLeftOvers(platform, record({ pid: Deno.pid, identity: identityOf(Deno.pid) })),
    undefined,
  );
  strictEqual(await reapLeftOvers(platform, "not a record"), undefined);
  strictEqual(child.isGroupAlive(), true);

  const reaped = await reapLeftOvers(platform, record({ pid: Deno.pid, identity: "an earlier one" }));

  deepStrictEqual(reaped, { servers: ["a"], pids: [child.pid] });
  strictEqual(child.isGroupAlive(), false);
  await endOf(child);
});

Deno.test("openChildren() works where no shell can watch over the children", async () => {
  await using place = await openPlace();
  const { processes } = platform;
  const without: Platform = {
    ...platform,
    processes: {
      ...processes,
      spawn(options) {
        if (options.label === "guard") throw new Deno.errors.NotFound("/bin/sh");
        return processes.spawn(options);
      },
    },
  };
  await using children = await openChildren({ platform: without, path: place.path, log: place.log });

  const child = children.processes.spawn({ ...STUBBORN, label: "memory" });

  strictEqual(parseRecord(await place.text())?.children.length, 1);
  await endOf(child);
});
