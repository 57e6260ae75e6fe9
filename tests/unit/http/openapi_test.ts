import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type Verb, VERBS } from "../../../lib/contracts/mod.ts";
import { createDocsAssets } from "../../../lib/http/docs_page.ts";
import { createOpenApi } from "../../../lib/http/openapi.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: unknown;
}

interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

const text = JSON.stringify(createOpenApi("9.9.9"));
const document: {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
} = JSON.parse(text);

function at(pointer: string): unknown {
  return pointer.slice(2).split("/").reduce<unknown>(
    (value, key) => Reflect.get(Object(value), key),
    document,
  );
}

Deno.test("createOpenApi() has an operation for every verb and alias, and its references lead somewhere", () => {
  strictEqual(document.openapi, "3.1.0");
  strictEqual(document.info.version, "9.9.9");
  for (const [name, verb] of Object.entries(VERBS) as [string, Verb][]) { // names and verbs of that very table
    const own = document.paths[`/api/v1${verb.path}`]?.[verb.method.toLowerCase()];
    strictEqual(own?.operationId, name);
    for (const { method, path } of verb.aliases ?? []) {
      ok(document.paths[`/api/v1${path}`]?.[method.toLowerCase()], `${method} ${path}`);
    }
  }
  for (const [, pointer = ""] of text.matchAll(/"\$ref":"([^"]+)"/g)) {
    ok(at(pointer) !== undefined, pointer);
  }
  ok(!text.includes('"$defs"'), "a reference into a schema of its own would be broken");
});

Deno.test("createOpenApi() describes exactly the parameters of each path", () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const [method, { parameters = [], responses }] of Object.entries(methods)) {
      const inPath = parameters.filter((parameter) => parameter.in === "path");
      deepStrictEqual(inPath.map(({ name }) => name).sort(), named, `${method} ${path}`);
      ok(inPath.every(({ required }) => required === true));
      ok("200" in responses, `${method} ${path}`);
    }
  }
});

Deno.test("createOpenApi() says what a body is: fields, one field, or a whole config", () => {
  const add = JSON.stringify(document.paths["/api/v1/servers"]?.post?.requestBody);
  ok(add.includes('"required":["name"]'), add.slice(0, 200));
  const patch = document.paths["/api/v1/servers/{name}"]?.patch;
  ok(!JSON.stringify(patch?.requestBody).includes('"patch"'));
  strictEqual(document.paths["/api/v1/servers/{name}/enable"]?.post?.requestBody, undefined);
  const logs = document.paths["/api/v1/servers/{name}/logs"]?.get?.parameters ?? [];
  deepStrictEqual(logs.find(({ name }) => name === "tail")?.schema, {
    type: "integer",
    minimum: 1,
    maximum: 10_000,
    default: 100,
  });
  ok(JSON.stringify(document.paths["/api/v1/servers"]?.get).includes("#/components/schemas/Server"));
});

Deno.test("createDocsAssets() writes a page without scripts that has every route and every error", () => {
  const page = createDocsAssets().get("index.html")?.body ?? "";
  ok(!/<script|\son\w+=|style=|javascript:/i.test(page));
  for (const path of Object.keys(document.paths)) ok(page.includes(`<code>${path}</code>`), path);
  match(page, /<tr id="MCPX_SERVER_NOT_FOUND">/);
  for (const [, id = ""] of page.matchAll(/href="#([^"]+)"/g)) ok(page.includes(`id="${id}"`), id);
});
