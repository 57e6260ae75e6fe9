import type { Platform } from "../platform/mod.ts";
import type { Endpoint } from "./endpoint.ts";
import type { GatewayLink } from "./stdio_bridge.ts";

/** Makes a way to the gateway at an endpoint; nothing is sent yet. */
export function linkTo(platform: Platform, endpoint: Endpoint): GatewayLink & Disposable {
  if (endpoint.kind === "socket") {
    const client = platform.network.socketClient(endpoint.path);
    return {
      fetch: (path, init) => client.fetch(`http://localhost${path}`, init),
      [Symbol.dispose]: () => client[Symbol.dispose](),
    };
  }
  const origin = endpoint.url.replace(/\/+$/, "");
  const key: Record<string, string> = endpoint.apiKey === undefined ? {} : { "x-api-key": endpoint.apiKey };
  return {
    fetch: (path, init) =>
      platform.network.fetch(`${origin}${path}`, {
        ...init,
        headers: { ...Object.fromEntries(new Headers(init.headers)), ...key },
      }),
    [Symbol.dispose]: () => {},
  };
}
