import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { locateResource, readOwnUri, toOwnUri, withUniqueUris } from "../../../lib/calls/resources.ts";

const FACTS = {
  servers: ["a", "b"],
  resources: [
    { server: "a", offer: { uri: "file:///a", name: "x" } },
    { server: "a", offer: { uri: "file:///both" } },
    { server: "b", offer: { uri: "file:///both" } },
  ],
  templates: [
    { server: "a", offer: { uriTemplate: "db://{table}/rows" } },
    { server: "b", offer: { uriTemplate: "log://{day}" } },
  ],
  interfaces: [{ server: "b", uri: "ui://chart" }, { server: "b", uri: "ui://chart" }],
};

Deno.test("locateResource() finds the server by list, tool, template or own form", () => {
  const servers = (uri: string, facts = FACTS) => locateResource(uri, facts).map(({ server }) => server);
  deepStrictEqual(servers("file:///a"), ["a"]);
  deepStrictEqual(servers("file:///both"), ["a", "b"]);
  deepStrictEqual(servers("ui://chart"), ["b"]);
  deepStrictEqual(servers("db://users/rows"), ["a"]);
  deepStrictEqual(servers("db://users/columns"), []);
  deepStrictEqual(servers("log://today"), ["b"]);
  deepStrictEqual(servers("file:///nowhere"), []);
  deepStrictEqual(servers("file:///nowhere", { ...FACTS, servers: ["a"] }), ["a"]);
  deepStrictEqual(locateResource(toOwnUri({ server: "b", uri: "x y" }), FACTS), [{
    server: "b",
    uri: "x y",
  }]);
});

Deno.test("readOwnUri() reads back what toOwnUri() writes", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,9}$/), fc.string({ unit: "grapheme" }), (server, uri) => {
      deepStrictEqual(readOwnUri(toOwnUri({ server, uri })), { server, uri });
    }),
  );
  strictEqual(readOwnUri("file:///x"), undefined);
  strictEqual(readOwnUri("mcpproxy://x/%zz"), undefined);
});

Deno.test("withUniqueUris() changes only URIs that two servers use", () => {
  const [first, second, third] = withUniqueUris(FACTS.resources, "uri");
  strictEqual(first, FACTS.resources[0]?.offer);
  deepStrictEqual([second?.uri, third?.uri], [
    "mcpproxy://a/file%3A%2F%2F%2Fboth",
    "mcpproxy://b/file%3A%2F%2F%2Fboth",
  ]);
  const same = [{ server: "a", offer: { uriTemplate: "x://{id}/y" } }, {
    server: "b",
    offer: { uriTemplate: "x://{id}/y" },
  }];
  strictEqual(withUniqueUris(same, "uriTemplate")[1]?.uriTemplate, "mcpproxy://b/x%3A%2F%2F{id}%2Fy");
});
