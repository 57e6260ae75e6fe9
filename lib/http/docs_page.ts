/**
 * The OpenAPI document and the error catalogue as a page to read: plain HTML
 * without scripts. Loaded when somebody asks for it.
 *
 * @module
 */

import { ERROR_KINDS, rpcCodeOf, VERSION } from "../contracts/mod.ts";
import { createOpenApi } from "./openapi.ts";

interface Operation {
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: unknown }>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: unknown;
}

interface Answer {
  readonly $ref?: string;
  readonly content?: Readonly<
    Record<string, { readonly schema?: { readonly properties?: { data?: unknown } } }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

/** Files of the page by path below `/docs/`. */
export function createDocsAssets(): ReadonlyMap<string, { readonly type: string; readonly body: string }> {
  return new Map([
    ["index.html", { type: "text/html; charset=utf-8", body: renderPage() }],
    ["style.css", { type: "text/css; charset=utf-8", body: STYLE }],
  ]);
}

function renderPage(): string {
  // The document is made by the function next door, in this shape.
  const { paths, components } = createOpenApi(VERSION) as unknown as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation }))
  );
  const groups = [...new Set(operations.map(({ operation }) => operation.tags[0] ?? ""))].sort();
  const links = [...groups, "shapes", "errors"].map((name) => `<a href="#${name}">${escape(name)}</a>`).join(
    " ",
  );
  const sections = groups.map((group) => {
    const own = operations.filter(({ operation }) => operation.tags[0] === group);
    return `<section id="${group}"><h2>${escape(group)}</h2>${own.map(renderOperation).join("")}</section>`;
  });
  const shapes = Object.entries(components.schemas).map(([name, schema]) =>
    `<details id="shape-${name}"><summary>${name}</summary>${toPre(schema)}</details>`
  );
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>mcpproxy: API</title><link rel="icon" href="data:,"><link rel="stylesheet" href="style.css">
</head>
<body>
<header><h1>mcpproxy API</h1>
<p>Send the admin key or a token in the header <code>X-API-Key</code>, or as bearer. For programs:
<code>GET /api/v1/openapi.json</code>.</p>
<nav aria-label="Groups">${links}</nav></header>
<main>${sections.join("")}
<section id="shapes"><h2>shapes</h2>${shapes.join("")}</section>
<section id="errors"><h2>errors</h2>${renderErrors()}</section></main>
</body>
</html>
`;
}

function renderOperation(
  { path, method, operation }: { path: string; method: string; operation: Operation },
): string {
  const { summary, description = "", parameters = [], requestBody, responses } = operation;
  const rows = parameters.map((parameter) =>
    `<tr><td><code>${escape(parameter.name)}</code>${parameter.required ? " *" : ""}</td>` +
    `<td>${escape(parameter.in)}</td><td><code>${escape(JSON.stringify(parameter.schema))}</code></td>` +
    `<td>${escape(parameter.description ?? "")}</td></tr>`
  );
  const body = Object.values(requestBody?.content ?? {})[0]?.schema;
  const data = Object.values(responses["200"]?.content ?? {})[0]?.schema?.properties?.data;
  return `<details><summary><b class="${method}">${method.toUpperCase()}</b> <code>${escape(path)}</code> ` +
    `<span>${escape(summary)}</span></summary><p>${escape(description)}</p>` +
    (rows.length === 0
      ? ""
      : `<table><thead><tr><th>Name</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead>` +
        `<tbody>${rows.join("")}</tbody></table>`) +
    (body === undefined ? "" : `<h3>Body</h3>${toPre(body)}`) +
    (data === undefined ? "" : `<h3>Answer</h3>${toPre(data)}`) +
    `</details>`;
}

function renderErrors(): string {
  const rows = Object.entries(ERROR_KINDS).map(([code, { status, exit, cause, remedy }]) =>
    `<tr id="${code}"><td><code>${code}</code></td><td>${escape(cause)}</td><td>${escape(remedy)}</td>` +
    `<td>${status}</td><td>${exit}</td><td>${rpcCodeOf(code)}</td></tr>`
  );
  return `<table><thead><tr><th>Code</th><th>Cause</th><th>Remedy</th><th>HTTP</th><th>Exit</th>` +
    `<th>JSON-RPC</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function toPre(value: unknown): string {
  return `<pre>${escape(JSON.stringify(value, undefined, 2))}</pre>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}

const STYLE = `:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 75rem; margin: 0 auto; padding: 1rem; }
nav a { margin-right: .75rem; }
details { border-top: 1px solid #8885; padding: .4rem 0; }
summary { cursor: pointer; }
summary span { opacity: .8; }
b { display: inline-block; min-width: 4.5rem; }
b.get { color: #0a7; } b.post { color: #27c; } b.put, b.patch { color: #b70; } b.delete { color: #c33; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
pre { overflow-x: auto; padding: .5rem; background: #8882; }
:target { background: #fd05; }
`;
