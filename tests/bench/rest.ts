import { openFleetWorkspace, startFleet, startFleetDaemon } from "./fleet.ts";
import { script } from "./programs.ts";

/** How quickly a list comes at a steady rate; times in milliseconds. */
export interface ListFigures {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  readonly errors: number;
  readonly asked: number;
  /** Of one answer. */
  readonly bytes: number;
}

/** What is measured. */
export interface ListEffort {
  readonly servers: number;
  /** Servers that go down and come back all the time. */
  readonly flapping: number;
  readonly perSecond: number;
  readonly seconds: number;
}

const FLAP_MS = 2_000;

/** Lists many servers again and again, first while all is quiet and then while some of them come and go. */
export async function measureList(
  effort: ListEffort,
): Promise<{ readonly quiet: ListFigures; readonly flapping: ListFigures }> {
  const { servers, flapping } = effort;
  await using fleet = await startFleet({ http: servers, stdio: 0, toolsEach: 5 });
  await using workspace = await openFleetWorkspace(fleet.entries);
  await using started = await startFleetDaemon(workspace);
  await started.ready(servers);
  await ask(started.daemon, { ...effort, seconds: 2 });
  const quiet = await ask(started.daemon, effort);
  let isDown = false;
  const timer = setInterval(() => {
    isDown = !isDown;
    void fleet.control({ down: isDown ? flapping : 0 });
  }, FLAP_MS);
  try {
    return { quiet, flapping: await ask(started.daemon, effort) };
  } finally {
    clearInterval(timer);
  }
}

async function ask(
  { url, apiKey }: { readonly url: string; readonly apiKey: string },
  { perSecond, seconds }: Pick<ListEffort, "perSecond" | "seconds">,
): Promise<ListFigures> {
  const { stdout } = await new Deno.Command("node", {
    args: [script("rest_client.mjs"), `${url}/api/v1/servers`, String(perSecond), String(seconds)],
    env: { KEY: apiKey },
  }).output();
  const found: ListFigures = JSON.parse(new TextDecoder().decode(stdout));
  return { ...found, bytes: Math.round(found.bytes / found.asked) };
}
