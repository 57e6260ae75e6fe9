import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { interfacesOf, sharedInterfaces, withOwnInterface } from "../../../lib/calls/interfaces.ts";
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
  const both = ["a", "b"].map((server) => ({ server, offer: { uri: "ui://chart" } }));
  deepStrictEqual(servers("ui://chart", { ...FACTS, resources: both }), ["b"]);
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

Deno.test("withOwnInterface() gives tools of two servers with one interface each their own, and no others", () => {
  const tool = (server: string, _meta: Readonly<Record<string, unknown>> | undefined) => ({
    server,
    definition: { name: "show", inputSchema: { type: "object" }, ...(_meta && { _meta }) },
  });
  const tools = [
    tool("a", {
      ui: { resourceUri: "ui://chart", visibility: ["app"] },
      "ui/resourceUri": "ui://chart",
      x: 1,
    }),
    tool("b", { ui: { resourceUri: "ui://chart" } }),
    tool("b", { ui: { resourceUri: "ui://map" } }),
    tool("b", { ui: { resourceUri: "ui://map" } }),
    tool("c", { ui: 5, "ui/resourceUri": 5 }),
    tool("c", undefined),
  ];
  const shared = sharedInterfaces(interfacesOf(tools));
  deepStrictEqual([...shared], ["ui://chart"]);
  const own = "ui://mcpproxy/a/ui%3A%2F%2Fchart";
  deepStrictEqual(tools.map((one) => withOwnInterface(one, shared)._meta), [
    { ui: { resourceUri: own, visibility: ["app"] }, "ui/resourceUri": own, x: 1 },
    { ui: { resourceUri: "ui://mcpproxy/b/ui%3A%2F%2Fchart" } },
    ...tools.slice(2).map(({ definition }) => definition._meta),
  ]);
  deepStrictEqual(readOwnUri(own), { server: "a", uri: "ui://chart" });
});
