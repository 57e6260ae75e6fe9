import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { GatewayError, type Management } from "../../../lib/contracts/mod.ts";
import { type Clock, createDenoPlatform, type Listener, type Platform } from "../../../lib/platform/mod.ts";
import type { LocalOptions } from "../../../cli/app_door.ts";
import { openManagement } from "../../../cli/open_management.ts";
import { chooseEndpoints, locatePlace } from "../../../cli/place.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { statusOf } from "./fakes.ts";

const real = createDenoPlatform();

interface World extends AsyncDisposable {
  readonly directory: string;
  readonly locals: LocalOptions[];
  /** Starts a daemon that says it uses `dataDir`. */
  listen(where: { path: string } | "tcp", dataDir: string): Promise<Listener>;
  open(env?: Record<string, string>, clock?: Clock): Promise<Management>;
}

async function openWorld(): Promise<World> {
  const directory = await Deno.makeTempDir();
  const listeners: Listener[] = [];
  const locals: LocalOptions[] = [];
  const local: Management = {
    kind: "local",
    request: () => Promise.reject(new Error("Cannot be asked in this test")),
    async *followLogs() {},
    async *followEvents() {},
    async *exportActivity() {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return {
    directory,
    locals,
    async listen(where, dataDir) {
      const address = where === "tcp"
        ? { kind: "tcp", hostname: "127.0.0.1", port: 0 } as const
        : { kind: "socket", path: where.path } as const;
      const listener = await real.network.listen(address, (request) => {
        const isOpen = address.kind === "socket" || request.headers.get("x-api-key") === "right";
        const answer = isOpen
          ? { success: true, data: statusOf({ data_dir: dataDir }) }
          : { success: false, error: "No", code: "MCPX_UNAUTHORIZED" };
        return Response.json(answer);
      });
      listeners.push(listener);
      return listener;
    },
    open(env = {}, clock = real.clock) {
      const platform: Platform = { ...real, clock, env, machine: { ...real.machine, home: directory } };
      return openManagement({
        platform,
        globals: { dataDir: directory },
        loadApp: () =>
          Promise.resolve({
            runDaemon: () => Promise.resolve(0),
            openGateway: () => Promise.reject(new Error("Cannot be opened in this test")),
            openSecretStore: () => {
              throw new Error("Cannot be opened in this test");
            },
            maskValue: () => "",
            openLocalManagement(options) {
              locals.push(options);
              return Promise.resolve(local);
            },
          }),
      });
    },
    async [Symbol.asyncDispose]() {
      for (const listener of listeners) await listener.shutdown();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

async function listenAt(path: string, answer: () => Promise<Response>): Promise<AsyncDisposable> {
  const listener = await real.network.listen({ kind: "socket", path }, answer);
  return { [Symbol.asyncDispose]: () => listener.shutdown() };
}

function portOf({ address }: Listener): string {
  ok(address.kind === "tcp");
  return `127.0.0.1:${address.port}`;
}

Deno.test("chooseEndpoints() asks socket, then the listen address if there is a key", () => {
  const socket = { kind: "socket", path: "/d/mcpproxy.sock" } as const;
  const facts = { env: {}, config: undefined, dataDir: "/d", apiKey: undefined };

  deepStrictEqual(chooseEndpoints(facts), { endpoints: [socket], isExplicit: false });
  deepStrictEqual(
    chooseEndpoints({
      ...facts,
      config: { listen: ":1", tray_endpoint: "unix:///x" },
      env: { MCPPROXY_LISTEN: ":2" },
      apiKey: "k",
    }).endpoints,
    [{ kind: "socket", path: "/x" }, socket, { kind: "tcp", url: "http://127.0.0.1:2", apiKey: "k" }],
  );
  deepStrictEqual(
    chooseEndpoints({ ...facts, env: { MCPPROXY_TRAY_ENDPOINT: "https://gw:9" }, apiKey: "k" }),
    { endpoints: [{ kind: "tcp", url: "https://gw:9", apiKey: "k" }], isExplicit: true },
  );
});

Deno.test("locatePlace() reads the data directory of the config and survives a broken one", async () => {
  await using world = await openWorld();
  const platform = { ...real, env: {}, machine: { ...real.machine, home: world.directory } };
  const config = join(world.directory, "c.json");
  const place = async (text: string) => {
    await Deno.writeTextFile(config, text);
    return (await locatePlace(platform, { config })).dataDir;
  };

  strictEqual(await place('{"data_dir": "/there"} // fine'), "/there");
  strictEqual(await place('{"data_dir": '), join(world.directory, ".mcpproxy"));
});

Deno.test("openManagement() takes the socket when a daemon answers there", async () => {
  await using world = await openWorld();
  await world.listen({ path: join(world.directory, "mcpproxy.sock") }, "/anything");

  await using management = await world.open();

  strictEqual(management.kind, "remote");
  strictEqual((await management.request("status.get", {})).data_dir, "/anything");
  deepStrictEqual(world.locals, []);
});

Deno.test("openManagement() works here when nothing answers, a dead socket included", async () => {
  await using world = await openWorld();
  await Deno.writeTextFile(join(world.directory, "mcpproxy.sock"), "");

  await using management = await world.open();

  strictEqual(management.kind, "local");
  strictEqual(world.locals[0]?.dataDir, world.directory);
  strictEqual(world.locals[0]?.logLevel, undefined);
});

Deno.test("openManagement() does not do without a daemon that is there and too busy to answer", async () => {
  await using world = await openWorld();
  const [asked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const path = join(world.directory, "mcpproxy.sock");
  await using _busy = await listenAt(path, async () => {
    asked.resolve();
    await held.promise;
    return new Response();
  });
  const clock = createManualClock();
  const opening = world.open({}, clock);
  await asked.promise;

  clock.advance(10_000);

  await rejects(
    opening,
    (error) => error instanceof GatewayError && error.code === "MCPX_DAEMON_NOT_RUNNING",
  );
  deepStrictEqual(world.locals, []);
  held.resolve();
});

Deno.test("openManagement() takes TCP only with a valid key and the same data directory", async () => {
  await using world = await openWorld();
  const link = join(world.directory, "link");
  await Deno.symlink(world.directory, link);
  const own = portOf(await world.listen("tcp", link));
  const foreign = portOf(await world.listen("tcp", "/elsewhere"));
  const kinds: string[] = [];
  for (
    const env of [
      { MCPPROXY_LISTEN: own, MCPPROXY_API_KEY: "right" },
      { MCPPROXY_LISTEN: own, MCPPROXY_API_KEY: "wrong" },
      { MCPPROXY_LISTEN: foreign, MCPPROXY_API_KEY: "right" },
      { MCPPROXY_LISTEN: own, MCPPROXY_API_KEY: "" },
    ]
  ) {
    await using management = await world.open(env);
    kinds.push(management.kind);
  }
  deepStrictEqual(kinds, ["remote", "local", "local", "local"]);

  await Deno.writeTextFile(join(world.directory, "api_key"), "right\n");
  await using management = await world.open({ MCPPROXY_LISTEN: own });
  strictEqual(management.kind, "remote");
});

Deno.test("openManagement() never replaces a URL that a person named", async () => {
  await using world = await openWorld();
  await world.listen({ path: join(world.directory, "mcpproxy.sock") }, world.directory);
  const url = `http://${portOf(await world.listen("tcp", "/elsewhere"))}`;

  await using management = await world.open({ MCPPROXY_TRAY_ENDPOINT: url, MCPPROXY_API_KEY: "right" });
  strictEqual(management.kind, "remote");
  await rejects(
    world.open({ MCPPROXY_TRAY_ENDPOINT: url, MCPPROXY_API_KEY: "wrong" }),
    (error) => error instanceof GatewayError && error.code === "MCPX_DAEMON_NOT_RUNNING",
  );
  await rejects(
    world.open({ MCPPROXY_TRAY_ENDPOINT: "npipe://x" }),
    (error) => error instanceof GatewayError && error.code === "MCPX_USAGE",
  );
});
