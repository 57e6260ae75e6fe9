import type { ManagementOptions } from "./options.ts";

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0|\[::\])$/i;
const MCP_PATH = /^\/(?:mcp(?:\/.*)?|v1\/tool[_-]code)$/;

/** Tells whether a text is the URL of this gateway's own MCP endpoint. */
export function ownAddress({ facts }: Pick<ManagementOptions, "facts">): (text: string) => boolean {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(facts.listenAddress()) ?? [];
  return (text) => {
    if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
    const url = new URL(text);
    if (!MCP_PATH.test(url.pathname) || portOf(url) !== port) return false;
    return url.hostname === host || LOOPBACK.test(url.hostname);
  };
}

function portOf({ port, protocol }: URL): string {
  return port !== "" ? port : protocol === "https:" ? "443" : "80";
}
