import { join } from "node:path";
import type { Platform } from "../platform/mod.ts";
import { engineEnvironment } from "./capabilities.ts";
import { INSTANCE_LABEL } from "./docker_args.ts";
import { run } from "./run.ts";

/** Sees to the end of one container. */
export interface ContainerWatch {
  /** Removes the container if it is still there. */
  end(): Promise<void>;
}

/** What the containers of one gateway are kept with. */
export interface ContainersOptions {
  readonly platform: Platform;
  /** Files of environments and of what runs; mode 0700. */
  readonly directory: string;
  readonly instance: string;
}

/** An engine under load takes seconds to remove a container. */
const REMOVE_MS = 20_000;

/**
 * Waits for the end of its input, which also comes if the gateway is killed.
 * SIGTERM is for the guard of the gateway to send; the engine needs a moment.
 */
const SCRIPT = `
trap '' TERM HUP INT
exec >/dev/null 2>&1
read -r line
[ "$line" = now ] || sleep 1
docker rm -f "$1" || { sleep 0.3; docker rm -f "$1"; }
`;

const encoder = new TextEncoder();

/**
 * Starts a shell that removes a container when the gateway says so or is gone.
 * The client of the engine alone is not enough: killed, it leaves its container.
 */
export async function watchContainer(options: ContainersOptions, name: string): Promise<ContainerWatch> {
  const { platform, directory } = options;
  const marker = join(directory, `${name}.run`);
  await platform.files.writeAtomic(marker, "", 0o600);
  const child = platform.processes.spawn({
    command: "/bin/sh",
    args: ["-c", SCRIPT, "mcpproxy-container", name],
    env: engineEnvironment(platform.env),
    cwd: "/",
    label: name,
  });
  for (const stream of [child.stdout, child.stderr]) void stream.cancel().catch(() => {});
  return {
    async end() {
      const writer = child.stdin.getWriter();
      await writer.write(encoder.encode("now\n")).then(() => writer.close()).catch(() => {});
      const late = platform.clock.after(REMOVE_MS, () => void child.signalGroup("SIGKILL"));
      const { code } = await child.exited;
      late[Symbol.dispose]();
      // Otherwise the next start looks for it.
      if (code === 0) await platform.files.remove(marker);
    },
  };
}

/**
 * Removes the containers and files that an earlier gateway with the same data
 * directory left behind. The engine is asked only if there may be any.
 *
 * @returns Names of the containers removed.
 */
export async function sweepContainers(
  { platform, directory, instance }: ContainersOptions,
): Promise<readonly string[]> {
  const names = await platform.files.list(directory).catch(() => []);
  await Promise.all(
    names.filter((name) => name.endsWith(".env")).map((name) => platform.files.remove(join(directory, name))),
  );
  const markers = names.filter((name) => name.endsWith(".run"));
  if (markers.length === 0) return [];
  const options = { env: engineEnvironment(platform.env), timeoutMs: REMOVE_MS };
  const filter = ["--filter", `label=${INSTANCE_LABEL}=${instance}`, "--format", "{{.Names}}"];
  const listed = await run(platform, ["docker", "ps", "--all", ...filter], options);
  if (listed === undefined || listed.code !== 0) return []; // the markers stay for the next start
  const found = listed.stdout.split("\n").filter((name) => name !== "");
  if (found.length > 0) {
    const removed = await run(platform, ["docker", "rm", "--force", ...found], options);
    if (removed === undefined) return [];
  }
  await Promise.all(markers.map((name) => platform.files.remove(join(directory, name))));
  return found;
}
