import { GatewayError, type ServerConfig } from "../contracts/mod.ts";

/** Where an HTTP server is and what every request to it carries. */
export interface HttpTarget {
  readonly url: URL;
  readonly headers: Headers;
}

/**
 * Reads the target of a server.
 *
 * @throws {GatewayError} MCPX_CONFIG_INVALID, without any value of a header.
 */
export function toTarget({ name, url = "", headers }: ServerConfig): HttpTarget {
  try {
    return { url: new URL(url), headers: new Headers(headers) };
  } catch (cause) {
    // The words of the cause may hold a secret header.
    const wrong = URL.canParse(url) ? '"headers" has a name or value' : `"url" is ${JSON.stringify(url)}`;
    const wanted = URL.canParse(url) ? "ones that HTTP allows" : "a whole URL";
    throw new GatewayError(
      "MCPX_CONFIG_INVALID",
      `Cannot start server "${name}": ${wrong}, wanted ${wanted}`,
      { cause, details: { server: name } },
    );
  }
}
