import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type Config, GatewayError } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform, type Platform } from "../../../lib/platform/mod.ts";
import { createRegistries, readListing, sourcesOf } from "../../../lib/registries/mod.ts";
import { isPrivateHost } from "../../../lib/registries/private_host.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const OFFICIAL = {
  servers: [
    {
      server: {
        name: "io.github.someone/weather",
        description: "Tells the\u202e weather",
        version: "1.2.0",
        repository: { url: "https://github.com/someone/weather" },
        packages: [{
          registryType: "npm",
          identifier: "@someone/weather",
          version: "1.2.0",
          transport: { type: "stdio" },
          packageArguments: [
            { type: "named", name: "--units", value: "metric" },
            { type: "positional", valueHint: "city", isRequired: true },
          ],
          environmentVariables: [
            { name: "WEATHER_KEY", description: "Key", isRequired: true, isSecret: true },
            { name: "LANG_OUT", default: "en" },
          ],
        }],
      },
      _meta: { "io.modelcontextprotocol.registry/official": { isLatest: true, status: "active" } },
    },
    {
      server: {
        name: "com.example/remote",
        description: "A remote",
        version: "2",
        remotes: [{
          type: "streamable-http",
          url: "https://example.com/mcp",
          headers: [{ name: "Authorization", value: "Bearer {token}", isRequired: true, isSecret: true }],
        }],
        packages: [{ registryType: "npm", identifier: "x", version: "1" }],
      },
    },
    { server: { name: "old/one" }, _meta: { x: { isLatest: false } } },
    { server: { name: "bad/one", packages: [{ registryType: "npm", identifier: "--evil" }] } },
    "nothing",
  ],
  metadata: { nextCursor: "page2", count: 4 },
};

Deno.test("readListing() reads the official format: programs, remotes, inputs; old versions are left out", () => {
  const { servers, nextCursor } = readListing(OFFICIAL);

  strictEqual(nextCursor, "page2");
  deepStrictEqual(servers.map(({ id, name }) => [id, name]), [
    ["io.github.someone/weather", "weather"],
    ["com.example/remote", "remote"],
    ["bad/one", "one"],
  ]);
  const [weather, remote, bad] = servers;
  strictEqual(weather?.description, "Tells the weather");
  deepStrictEqual(weather?.install, {
    command: "npx",
    args: ["-y", "@someone/weather@1.2.0", "--units", "metric"],
    protocol: "stdio",
    env: { LANG_OUT: "en" },
  });
  deepStrictEqual(weather?.inputs.map(({ name, kind, required, secret }) => [name, kind, required, secret]), [
    ["city", "argument", true, false],
    ["WEATHER_KEY", "env", true, true],
  ]);
  deepStrictEqual(remote?.install, { url: "https://example.com/mcp", protocol: "streamable-http" });
  deepStrictEqual(remote?.inputs.map(({ name }) => name), ["Authorization"]);
  strictEqual(bad?.install, undefined, "a package whose name is an option is not run");
});

Deno.test("readListing() reads plain lists and maps of entries", () => {
  const entry = { command: "npx", args: ["a"], env: { K: "v" }, description: "d" };

  for (
    const value of [[{ name: "a", ...entry }], { servers: [{ id: "a", ...entry }] }, {
      mcpServers: { a: entry },
    }]
  ) {
    deepStrictEqual(readListing(value).servers.map(({ id, install }) => [id, install]), [
      ["a", { command: "npx", args: ["a"], protocol: "stdio", env: { K: "v" } }],
    ]);
  }
});

Deno.test("readListing() takes any JSON without a failure, and shows no hidden character", () => {
  fc.assert(fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, description) => {
    const { servers } = readListing({ servers: [value, { name: "a", description }] });

    ok(servers.every((one) => !/[\p{Cc}\p{Cf}]/u.test(one.id + one.description)));
  }));
});

Deno.test("isPrivateHost() tells addresses of this machine and its networks from public ones", () => {
  const hosts = [
    "localhost",
    "a.local",
    "127.0.0.1",
    "10.1.2.3",
    "172.20.0.1",
    "192.168.1.1",
    "169.254.169.254",
  ];
  for (
    const host of [...hosts, "[::1]", "[fd00::1]", "[fe80::1]", "[::ffff:7f00:1]", "intranet", "0.0.0.0"]
  ) {
    ok(isPrivateHost(host), host);
  }
  for (
    const address of [
      "[::127.0.0.1]",
      "[64:ff9b::169.254.169.254]",
      "[2002:7f00:1::]",
      "[2002:a9fe:a9fe::1]",
      "[::ffff:0:10.0.0.1]",
      "[fec0::1]",
      "[::]",
      "2130706433",
      "0x7f.1",
      "198.18.0.1",
      "intranet.",
    ]
  ) {
    ok(isPrivateHost(new URL(`http://${address}/`).hostname), address);
  }
  ok(!isPrivateHost("[64:ff9b::808:808]"));
  ok(!isPrivateHost("[2002:808:808::1]"));
  for (const host of ["example.com", "8.8.8.8", "172.32.0.1", "[2606:4700::1]", "localhost.example.com"]) {
    ok(!isPrivateHost(host), host);
  }
});

Deno.test("sourcesOf() has built-in registries, and takes nobody's word for being official", () => {
  deepStrictEqual(sourcesOf({ registries: undefined }).map(({ id }) => id), ["official", "reference"]);
  const [claimed, file, builtIn] = sourcesOf({
    registries: [
      { id: "official", servers_url: "https://evil.example/servers", provenance: "official" },
      { id: "mine", url: "/srv/list.json" },
      { id: "reference" },
      { name: "no id" },
    ],
  });
  strictEqual(claimed?.provenance, "custom");
  deepStrictEqual([file?.protocol, file?.serversUrl], ["file", "/srv/list.json"]);
  strictEqual(builtIn?.provenance, "official");
});

type Answer = Response | Error | "hang";

/** Registries whose network gives these answers, one after the other. */
function scene(answers: readonly Answer[], settings: Partial<Config> = {}) {
  const clock = createManualClock();
  const asked: Request[] = [];
  const real = createDenoPlatform();
  const network: Platform["network"] = {
    ...real.network,
    fetch(input, init) {
      asked.push(new Request(input, init));
      const answer = answers[asked.length - 1] ?? new Error("no more answers");
      if (answer instanceof Error) return Promise.reject(answer);
      if (answer !== "hang") return Promise.resolve(answer);
      return new Promise((_, reject) =>
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason), { once: true })
      );
    },
  };
  const registries = [{ id: "r", servers_url: "https://r.example/v0/servers" }];
  // Only what the registries read.
  const config = () =>
    ({ registries, allow_private_registry_fetch: false, ...settings }) as unknown as Config;
  const env = { MCPPROXY_REGISTRY_R_API_KEY: "k" };
  return { clock, asked, registries: createRegistries({ ...real, clock, network, env }, config) };
}

const signal = new AbortController().signal;
const page = (value: unknown) => Response.json(value);
const LAST = { servers: OFFICIAL.servers };

Deno.test("Registries.search() asks with words and key, follows pages, and keeps the answer for a while", async () => {
  const { registries, asked, clock } = scene([
    page(OFFICIAL),
    page({ servers: [] }),
    new TypeError("down"),
    new TypeError("down"),
  ]);

  const first = await registries.search({ id: "r", query: "weather tells", limit: 10, signal });
  const second = await registries.search({ id: "r", query: "weather tells", limit: 10, signal });
  clock.advance(6 * 60_000);
  const third = await registries.search({ id: "r", query: "weather tells", limit: 10, signal });

  deepStrictEqual(first.servers.map(({ id }) => id), ["io.github.someone/weather"]);
  strictEqual(first.cache, undefined);
  deepStrictEqual(second.cache, { ageSeconds: 0, stale: false });
  deepStrictEqual(third.cache, { ageSeconds: 360, stale: true });
  strictEqual(third.servers.length, 1);
  const [one, two] = asked.map(({ url }) => new URL(url).searchParams);
  deepStrictEqual([one?.get("search"), one?.get("cursor"), two?.get("cursor")], ["weather", null, "page2"]);
  strictEqual(asked[0]?.headers.get("authorization"), "Bearer k");
});

const UNAVAILABLE: Readonly<Record<string, readonly [readonly Answer[], RegExp]>> = {
  "that cannot be reached": [[new TypeError("refused"), new TypeError("refused")], /cannot be reached/],
  "that answers 404": [[new Response("", { status: 404 })], /status 404/],
  "that answers 500 twice": [
    [new Response("", { status: 500 }), new Response("", { status: 500 })],
    /status 500/,
  ],
  "that leads elsewhere": [
    [new Response("", { status: 302, headers: { location: "http://10.0.0.1" } })],
    /status 302/,
  ],
  "that answers with a page": [[new Response("<html>")], /not JSON/],
};

for (const [name, [answers, words]] of Object.entries(UNAVAILABLE)) {
  Deno.test(`Registries.search() says why of a registry ${name}`, async () => {
    const { registries } = scene(answers);

    const { servers, unavailable = "" } = await registries.search({ id: "r", query: "", limit: 10, signal });

    deepStrictEqual(servers, []);
    match(unavailable, words);
  });
}

Deno.test("Registries.search() tries once more after a fault of the registry", async () => {
  const { registries, asked } = scene([new Response("", { status: 503 }), page(LAST)]);

  const { servers } = await registries.search({ id: "r", query: "", limit: 1, signal });

  strictEqual(servers.length, 1);
  strictEqual(asked.length, 2);
});

Deno.test("Registries.search() waits for a registry no longer than it may, and not for a caller who has gone", async () => {
  const { registries, clock } = scene(["hang", "hang", "hang"]);
  const late = registries.search({ id: "r", query: "", limit: 1, signal });
  await clock.advanceAsync(15_000);
  match((await late).unavailable ?? "", /not answered within 15 s/);

  const gone = new AbortController();
  const left = registries.search({ id: "r", query: "x", limit: 1, signal: gone.signal });
  gone.abort(new Error("gone"));
  await rejects(left, /gone/);
});

Deno.test("Registries.search() asks no address of this machine's networks unless that is meant", async () => {
  const own = { registries: [{ id: "r", servers_url: "http://169.254.169.254/latest" }] };
  const refused = scene([page(LAST)], own);
  const { unavailable = "" } = await refused.registries.search({ id: "r", query: "", limit: 1, signal });
  match(unavailable, /address of this machine or its network/);
  strictEqual(refused.asked.length, 0);

  const meant = scene([page(LAST)], { ...own, allow_private_registry_fetch: true });
  strictEqual((await meant.registries.search({ id: "r", query: "", limit: 1, signal })).servers.length, 1);
});

Deno.test("Registries.find() finds one server, and names the nearest if there is none", async () => {
  const { registries } = scene([page(LAST), page(LAST)]);

  strictEqual((await registries.find("r", "com.example/remote", signal)).name, "remote");
  await rejects(registries.find("r", "com.example/remot", signal), (error) => {
    ok(error instanceof GatewayError && error.code === "MCPX_REGISTRY_SERVER_NOT_FOUND", `${error}`);
    match(error.message, /did you mean "com.example\/remote"/);
    return true;
  });
  await rejects(registries.find("none", "x", signal), /no registry has this id/);
});
