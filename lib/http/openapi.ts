/**
 * The OpenAPI document of the HTTP surface, made from the verbs of the
 * contract. Loaded when somebody asks for it.
 *
 * @module
 */

import {
  ERROR_KINDS,
  HealthSchema,
  type JsonSchema,
  ServerViewSchema,
  StatusSchema,
  toJsonSchema,
  ToolViewSchema,
  type Verb,
  type VerbMethod,
  VERBS,
} from "../contracts/mod.ts";
import { OTHER_ROUTES } from "./openapi_other.ts";

const BASE = "/api/v1";

/** Shapes that are written once and referred to. */
const SHARED = { Health: HealthSchema, Server: ServerViewSchema, Tool: ToolViewSchema, Status: StatusSchema };

type Fields = Readonly<Record<string, unknown>>;

/** One route of one verb. */
interface Place {
  readonly name: string;
  readonly verb: Verb;
  readonly method: VerbMethod;
  readonly path: string;
  readonly isAlias: boolean;
  /** Why there is this alias. */
  readonly reason?: string;
}

/** Writes the OpenAPI 3.1 document. Pure; paths are in alphabetical order. */
export function createOpenApi(version: string): Fields {
  const { schemas, names } = sharedShapes();
  return {
    openapi: "3.1.0",
    info: {
      title: "mcpproxy",
      version,
      summary: "A gateway in front of many MCP servers",
      description: "Every answer is { success: true, data } or a problem (RFC 9457) that is also " +
        "{ success: false, error, code, remedy, request_id }.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }],
    security: [{ key: [] }, { bearer: [] }],
    tags: tagsOf(),
    paths: toPaths(names),
    components: {
      securitySchemes: {
        key: { type: "apiKey", in: "header", name: "X-API-Key" },
        bearer: { type: "http", scheme: "bearer" },
      },
      schemas: {
        Problem: PROBLEM,
        ...schemas,
      },
      responses: Object.fromEntries(
        Object.entries(FAILURES).map(([name, description]) => [name, {
          description,
          headers: name === "Busy" ? { "Retry-After": { schema: { type: "integer" } } } : undefined,
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        }]),
      ),
    },
  };
}

/** Shapes with others inside them come after those. */
function sharedShapes() {
  const names = new Map<string, string>();
  const schemas: Record<string, JsonSchema> = {};
  for (const [name, schema] of Object.entries(SHARED)) {
    schemas[name] = share(toJsonSchema(schema, "output"), names);
    names.set(JSON.stringify(schemas[name]), name);
  }
  return { schemas, names };
}

function tagsOf(): Fields[] {
  const groups = [...Object.keys(VERBS).map((name) => name.split(".")[0] ?? ""), "gateway"];
  return [...new Set(groups)].sort().map((name) => ({ name }));
}

function toPaths(names: ReadonlyMap<string, string>): Fields {
  const paths = new Map<string, Record<string, unknown>>();
  const put = (path: string, method: string, operation: Fields) => {
    paths.set(path, { ...paths.get(path), [method.toLowerCase()]: operation });
  };
  for (const { method, path, ...operation } of OTHER_ROUTES) put(path, method, operation);
  for (const place of placesOf()) put(BASE + place.path, place.method, toOperation(place, names));
  return Object.fromEntries([...paths].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function placesOf(): Place[] {
  return Object.entries(VERBS).flatMap(([name, verb]: [string, Verb]) => [
    { name, verb, method: verb.method, path: verb.path, isAlias: false },
    ...(verb.aliases ?? []).map((alias) => ({ name, verb, ...alias, isAlias: true })),
  ]);
}

function toOperation(
  { name, verb, method, path, isAlias, reason = "for clients of mcpproxy-go" }: Place,
  names: ReadonlyMap<string, string>,
): Fields {
  const input = share(toJsonSchema(verb.input, "input"), names);
  const hasBody = method !== "GET" && method !== "DELETE";
  return {
    // An id may be there once only.
    operationId: isAlias ? undefined : name,
    tags: [name.split(".")[0]],
    summary: verb.summary,
    description: describe(name, verb, isAlias ? reason : undefined),
    "x-mcpproxy-verb": name,
    "x-mcpproxy-role": verb.role,
    parameters: parametersOf(input, { verb, path, hasBody }),
    requestBody: hasBody ? toBody(input, { verb, path }) : undefined,
    responses: {
      200: success(share(toJsonSchema(verb.output, "output"), names), verb),
      ...(hasTag(verb) && method === "GET" ? { 304: { description: "Not changed" } } : {}),
      ...failuresOf(verb, path, hasBody),
    },
  };
}

function describe(
  name: string,
  { role, needsDaemon, path, method }: Verb,
  aliasFor: string | undefined,
): string {
  return [
    `Needs the role ${role}.`,
    needsDaemon ? "Only a running daemon does it." : "",
    aliasFor === undefined ? "" : `The same as ${method} ${BASE}${path}, ${aliasFor}.`,
    name === "servers.logs"
      ? "With follow=true the lines come as they are written, one JSON object a line."
      : "",
  ].filter((text) => text !== "").join(" ");
}

interface Spot {
  readonly verb: Verb;
  readonly path: string;
}

function parametersOf(input: JsonSchema, { verb, path, hasBody }: Spot & { hasBody: boolean }): Fields[] {
  const { properties, required } = fieldsOf(input);
  const inPath = namesIn(path);
  const places = Object.entries(properties).flatMap(([name, schema]) => {
    if (inPath.includes(name)) return [{ name, in: "path", required: true, schema }];
    return hasBody ? [] : [{ name, in: "query", required: required.includes(name), schema }];
  });
  const header = (name: string, description: string) => ({
    name,
    in: "header",
    description,
    schema: { type: "string" },
  });
  const conditions = !hasTag(verb)
    ? []
    : hasBody
    ? [header("If-Match", "ETag of what the change was made from; 412 if it is no longer so")]
    : [header("If-None-Match", "ETag that the client has; 304 if it is still so")];
  return [...places, ...conditions];
}

function toBody(input: JsonSchema, { verb, path }: Spot): Fields | undefined {
  const { properties, required } = fieldsOf(input);
  if (verb.body?.as === "text") {
    const schema = { type: "object", description: "A whole config; comments are allowed" };
    return { content: { "application/json": { schema } } };
  }
  if (verb.body !== undefined) {
    return {
      required: required.includes(verb.body.field),
      content: { "application/json": { schema: properties[verb.body.field] } },
    };
  }
  const inPath = [...namesIn(path), "if_match"];
  const own = Object.entries(properties).filter(([name]) => !inPath.includes(name));
  if (own.length === 0) return undefined;
  const needed = required.filter((name) => !inPath.includes(name));
  const schema = {
    type: "object",
    properties: Object.fromEntries(own),
    ...(needed.length === 0 ? {} : { required: needed }),
    additionalProperties: false,
  };
  const content = {
    "application/json": { schema },
    ...(verb.upload === true ? { [FORM]: { schema: FILE } } : {}),
  };
  return { required: needed.length > 0, content };
}

const FORM = "multipart/form-data";
/** A form for {@link Verb.upload}; the fields of the JSON form may stand in it as well. */
const FILE = {
  type: "object",
  properties: { file: { type: "string", format: "binary" } },
  required: ["file"],
  additionalProperties: { type: "string" },
};

function hasTag({ etag, tagged }: Verb): boolean {
  return etag === true || tagged === true;
}

function fieldsOf(schema: JsonSchema) {
  const { properties = {}, required = [] } = schema as {
    properties?: Readonly<Record<string, JsonSchema>>;
    required?: readonly string[];
  }; // inputs of verbs are objects
  return { properties, required };
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
}

function success(data: JsonSchema, verb: Verb): Fields {
  const schema = {
    type: "object",
    properties: { success: { const: true }, data },
    required: ["success", "data"],
  };
  return {
    description: verb.summary,
    headers: !hasTag(verb) ? undefined : { ETag: { schema: { type: "string" } } },
    content: { "application/json": { schema } },
  };
}

const FAILURES = {
  Invalid: "The input is not valid",
  Unauthorized: "No key, or a wrong one",
  Forbidden: "The caller lacks the right that the problem names",
  NotFound: "Something named does not exist; the problem says what is near",
  Conflict: "It cannot be so as things are",
  Stale: "Somebody else has changed it meanwhile",
  TooLarge: "The body is over the limit",
  WrongType: "The body has a media type that is not read here",
  Busy: "Not now; Retry-After says when",
  Failed: "Any other problem",
};

function failuresOf({ etag }: Verb, path: string, hasBody: boolean): Fields {
  const statuses: readonly (readonly [string, keyof typeof FAILURES])[] = [
    ["400", "Invalid"],
    ["401", "Unauthorized"],
    ["403", "Forbidden"],
    ...(path.includes("{") ? [["404", "NotFound"] as const] : []),
    ...(hasBody ? [["409", "Conflict"], ["413", "TooLarge"], ["415", "WrongType"]] as const : []),
    ...(etag !== undefined && hasBody ? [["412", "Stale"] as const] : []),
    ["429", "Busy"],
    ["503", "Busy"],
    ["default", "Failed"],
  ];
  return Object.fromEntries(
    statuses.map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]),
  );
}

const PROBLEM = {
  type: "object",
  description: "Problem details of RFC 9457, and the envelope of a failure",
  properties: {
    type: { type: "string", description: "Where the code is explained" },
    title: { type: "string", description: "What the code means" },
    status: { type: "integer" },
    detail: { type: "string", description: "What has happened here" },
    success: { const: false },
    error: { type: "string", description: "As detail" },
    code: { enum: Object.keys(ERROR_KINDS) },
    remedy: { type: "string", description: "What to do about it" },
    details: { type: "object", description: "Facts for programs" },
    request_id: { type: "string" },
  },
  required: ["type", "title", "status", "detail", "success", "error", "code", "remedy", "request_id"],
};

/** Puts references in place of shapes that are written elsewhere. */
function share(schema: JsonSchema, names: ReadonlyMap<string, string>): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Reflect.get(value, "type") !== "object") return value;
    const name = names.get(JSON.stringify(value));
    return name === undefined ? value : { $ref: `#/components/schemas/${name}` };
  });
}
