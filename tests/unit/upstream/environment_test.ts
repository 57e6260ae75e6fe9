import { deepStrictEqual } from "node:assert/strict";
import { ConfigSchema } from "../../../lib/contracts/mod.ts";
import { createStdioEnvironment } from "../../../lib/upstream/mod.ts";
import { stdioServer } from "./fixture.ts";

const SYSTEM = {
  PATH: "/bin",
  HOME: "/home/me",
  LC_ALL: "C",
  HTTPS_PROXY: "http://proxy:3128",
  AWS_SECRET_ACCESS_KEY: "secret",
  GITHUB_TOKEN: "secret",
  MCPPROXY_API_KEY: "secret",
  LD_PRELOAD: "/evil.so",
  NODE_OPTIONS: "--require /evil.js",
};

function environmentOf(config: object, env: Record<string, string> = {}) {
  return createStdioEnvironment(SYSTEM, ConfigSchema.parse(config), { ...stdioServer(), env });
}

Deno.test("createStdioEnvironment() inherits no secret and nothing that loads code", () => {
  deepStrictEqual(environmentOf({}), { PATH: "/bin", HOME: "/home/me", LC_ALL: "C" });
});

Deno.test("createStdioEnvironment() lets the server's own entries win", () => {
  deepStrictEqual(
    environmentOf({ environment: { custom_vars: { MODE: "a", PATH: "/custom" } } }, {
      MODE: "b",
      TOKEN: "t",
    }),
    { PATH: "/custom", HOME: "/home/me", LC_ALL: "C", MODE: "b", TOKEN: "t" },
  );
});

Deno.test("createStdioEnvironment() passes no password of a proxy or registry on", () => {
  const system = {
    HTTPS_PROXY: "http://me:secret@proxy:3128",
    npm_config_registry: "https://token@registry.example/a@b",
    NO_PROXY: "me@example",
  };
  deepStrictEqual(
    createStdioEnvironment(system, ConfigSchema.parse({ forward_proxy_env: true }), stdioServer()),
    {
      HTTPS_PROXY: "http://proxy:3128",
      npm_config_registry: "https://registry.example/a@b",
      NO_PROXY: "me@example",
    },
  );
});

Deno.test("createStdioEnvironment() passes proxy variables on only when told to", () => {
  deepStrictEqual(environmentOf({ forward_proxy_env: true }).HTTPS_PROXY, "http://proxy:3128");
  deepStrictEqual(
    environmentOf({ environment: { forward_proxy_env: true } }).HTTPS_PROXY,
    "http://proxy:3128",
  );
});

Deno.test("createStdioEnvironment() takes the config's own list, or nothing at all", () => {
  deepStrictEqual(environmentOf({ environment: { allowed_system_vars: ["GITHUB_TOKEN", "MISSING"] } }), {
    GITHUB_TOKEN: "secret",
  });
  deepStrictEqual(environmentOf({ environment: { inherit_system_safe: false } }), {});
});
