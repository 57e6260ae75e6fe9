import { type Daemon, startDaemon } from "../daemon.ts";
import { faultd, type HttpFaultd, serveFaultd } from "../faultd/mod.ts";
import { openWorkspace, type Workspace } from "../workspace.ts";
import type { Behaviour } from "./behaviour.ts";

/** A daemon with one honest server and many hostile ones. */
export interface Scene extends AsyncDisposable {
  readonly daemon: Daemon;
  readonly workspace: Workspace;
  /** Name of the server that does what a behaviour says. */
  nameOf(behaviour: Behaviour): string;
  /** Asks REST; gives status and body, whatever they are. */
  ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly text: string }>;
  /** Resolves once every server has been connected, or has failed. */
  settled(): Promise<void>;
}

const UNDECIDED: ReadonlySet<string> = new Set(["idle", "connecting"]);

/** Every behaviour gets a server of its own; those over HTTP live in the test. */
export async function openScene(behaviours: readonly Behaviour[]): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const names = new Map(behaviours.map((behaviour, index) => [behaviour, `h${index}`]));
  const honest = stack.use(await serveFaultd({}));
  const entries = await Promise.all(behaviours.map(async (behaviour) => ({
    name: names.get(behaviour),
    quarantined: false,
    trust_mode: "auto",
    ...(behaviour.stdio ? { ...faultd(behaviour.script), init_timeout: "20s" } : {
      url: stack.use(await serveFaultd(behaviour.script)).url,
      protocol: "streamable-http",
    }),
    ...behaviour.entry,
  })));
  const workspace = stack.use(
    await openWorkspace({
      quarantine_enabled: false,
      call_tool_timeout: "4s",
      init_timeout: "3s",
      mcpServers: [{ name: "honest", quarantined: false, trust_mode: "auto", url: honest.url }, ...entries],
    }),
  );
  const daemon = stack.use(await startDaemon(workspace));
  const moved = stack.move();
  const headers = { "x-api-key": daemon.apiKey, "content-type": "application/json" };

  async function ask(method: string, path: string, body?: unknown) {
    const response = await fetch(`${daemon.url}/api/v1${path}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, text: await response.text() };
  }

  async function settled(): Promise<void> {
    const waiting = new Set(["honest", ...names.values()]);
    while (waiting.size > 0) {
      const { data } = JSON.parse((await ask("GET", "/servers")).text);
      for (const { name, status } of data.servers) if (!UNDECIDED.has(status)) waiting.delete(name);
    }
  }

  return {
    daemon,
    workspace,
    nameOf: (behaviour) => names.get(behaviour) ?? "",
    ask,
    settled,
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  };
}

/** So that a test can name the type of what it opened. */
export type { HttpFaultd };
