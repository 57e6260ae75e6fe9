/** One route that is no verb. */
export interface OtherRoute {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly [more: string]: unknown;
}

const answer = (description: string, type: string) => ({ 200: { description, content: { [type]: {} } } });

const problem = { default: { $ref: "#/components/responses/Failed" } };

const open = { security: [] };

/** Routes beside the verbs: events as a stream, health, figures, MCP itself. */
export const OTHER_ROUTES: readonly OtherRoute[] = [
  {
    method: "GET",
    path: "/events",
    tags: ["events"],
    summary: "Follow events as they happen, as server-sent events: first a snapshot, then every event",
    parameters: [
      {
        name: "since",
        in: "query",
        schema: { type: "integer" },
        description: "Number of the last event known",
      },
      { name: "Last-Event-ID", in: "header", schema: { type: "string" } },
    ],
    responses: { ...answer("The stream", "text/event-stream"), ...problem },
  },
  {
    method: "GET",
    path: "/api/v1/activity/export",
    tags: ["activity"],
    summary: "Take records of activity out, newest first, as JSON Lines or CSV; all filters of the list hold",
    parameters: [
      { name: "format", in: "query", schema: { enum: ["json", "csv"], default: "json" } },
      { name: "include_bodies", in: "query", schema: { type: "boolean", default: false } },
      {
        name: "limit",
        in: "query",
        schema: { type: "integer", minimum: 1, maximum: 50_000, default: 10_000 },
      },
    ],
    responses: { ...answer("The records", "application/x-ndjson"), ...problem },
  },
  {
    method: "GET",
    path: "/healthz",
    tags: ["gateway"],
    summary: "Say that the process lives; also /livez and /health",
    ...open,
    responses: answer("It lives", "application/json"),
  },
  {
    method: "GET",
    path: "/readyz",
    tags: ["gateway"],
    summary: "Say whether the gateway is ready; also /ready",
    ...open,
    responses: { ...answer("It is ready", "application/json"), 503: { description: "It is not ready" } },
  },
  {
    method: "GET",
    path: "/metrics",
    tags: ["gateway"],
    summary: "Figures in the text format of Prometheus",
    responses: { ...answer("The figures", "text/plain"), ...problem },
  },
  {
    method: "POST",
    path: "/mcp",
    tags: ["gateway"],
    summary: "The Model Context Protocol, Streamable HTTP",
    requestBody: { required: true, content: { "application/json": {} } },
    responses: { ...answer("The answer, as JSON or as a stream", "application/json"), ...problem },
  },
  {
    method: "GET",
    path: "/api/v1/openapi.json",
    tags: ["gateway"],
    summary: "This document; /docs/ has it as a page",
    responses: { ...answer("The document", "application/json"), ...problem },
  },
];
