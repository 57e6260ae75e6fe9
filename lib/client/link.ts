import type { Platform } from "../platform/mod.ts";
import type { Endpoint } from "./endpoint.ts";
import type { GatewayLink } from "./stdio_bridge.ts";

/**
 * Makes a way to the gateway at an endpoint; nothing is sent yet.
 *
 * @param token Agent token to speak with, in place of all rights that the endpoint gives.
 */
export function linkTo(platform: Platform, endpoint: Endpoint, token?: string): GatewayLink & Disposable {
  if (endpoint.kind === "socket") {
    const client = platform.network.socketClient(endpoint.path);
    return {
      fetch: (path, init) => client.fetch(`http://localhost${path}`, withKey(init, token)),
      [Symbol.dispose]: () => client[Symbol.dispose](),
    };
  }
  const origin = endpoint.url.replace(/\/+$/, "");
  const key = token ?? endpoint.apiKey;
  return {
    fetch: (path, init) => platform.network.fetch(`${origin}${path}`, withKey(init, key)),
    [Symbol.dispose]: () => {},
  };
}

function withKey(init: RequestInit, key: string | undefined): RequestInit {
  if (key === undefined) return init;
  return { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), "x-api-key": key } };
}
