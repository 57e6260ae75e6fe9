import {
  type Features,
  GatewayError,
  type Management,
  resolveFeatures,
  type VerbName,
} from "../../../lib/contracts/mod.ts";
import { createEventBus } from "../../../lib/events/mod.ts";
import { createHttpApp } from "../../../lib/http/mod.ts";
import { createReadiness, type Logger } from "../../../lib/observability/mod.ts";
import { createSignIn } from "../../../lib/security/mod.ts";
import { parseConfig } from "../../../lib/config/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";

interface Asked {
  readonly verb: VerbName;
  readonly input: unknown;
}

const silent: Logger = { trace() {}, debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger; // only these are called

/** The app over a fake Management; requests come over TCP with the key unless they say otherwise. */
export function openApp(
  answers: Readonly<Partial<Record<VerbName, unknown>>> = {},
  features: Features = resolveFeatures({}),
) {
  const asked: Asked[] = [];
  const loaded: string[] = [];
  const platform = createDenoPlatform();
  const management: Management = {
    kind: "local",
    request: (verb, input) => {
      asked.push({ verb, input });
      const answer = answers[verb];
      return answer instanceof GatewayError ? Promise.reject(answer) : Promise.resolve(answer as never); // in its shape
    },
    async *followLogs() {},
    async *followEvents() {},
    async *exportActivity() {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const { config } = parseConfig("{}", "/x");
  const handler = createHttpApp({
    platform,
    isComplete: () => false,
    mcpFigures: () => ({ sessions: 2, faults: new Map([[-32602, 3]]) }),
    management,
    config: () => config,
    apiKey: () => "key",
    identify: () => undefined,
    signIn: createSignIn(platform),
    listenHost: () => "127.0.0.1",
    mcp: () => Promise.resolve(new Response("mcp")),
    readiness: createReadiness(),
    stopping: new AbortController().signal,
    log: silent,
    features,
    assets: () => {
      loaded.push("assets");
      return Promise.resolve(new Map([["index.html", { type: "text/html", body: "<p>page" }]]));
    },
    bus: createEventBus(platform.clock),
  });
  const ask = async (path: string, init: RequestInit & { bare?: true } = {}) => {
    const headers = new Headers(init.headers);
    headers.set("host", "127.0.0.1");
    if (init.bare === undefined) headers.set("x-api-key", "key");
    const request = new Request(`http://127.0.0.1${path}`, { ...init, headers });
    return await handler(request, { kind: "tcp", hostname: "127.0.0.1", port: 1 });
  };
  return { ask, asked, loaded };
}

export const JSON_BODY = { "content-type": "application/json" };
