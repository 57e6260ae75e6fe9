import { deepStrictEqual } from "node:assert/strict";
import { parseRoute, type Route, toHash } from "../../../ui/routes.ts";

const ROUTES: readonly Route[] = [
  { view: "servers" },
  { view: "server", name: "a/b?c#d %" },
  { view: "approvals" },
  { view: "activity", filter: { server: "a&b", status: "error" } },
  { view: "tools", query: "read & write" },
];

Deno.test("parseRoute() reads what toHash() writes", () => {
  for (const route of ROUTES) deepStrictEqual(parseRoute(toHash(route)), route);
});

Deno.test("parseRoute() takes anything else for the servers", () => {
  for (const hash of ["", "#", "#/", "#/nowhere", "#/servers", "#/__proto__"]) {
    deepStrictEqual(parseRoute(hash), { view: "servers" });
  }
  deepStrictEqual(parseRoute("#/servers/%zz"), { view: "server", name: "%zz" });
});
