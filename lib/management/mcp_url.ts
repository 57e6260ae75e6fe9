/** Writes the MCP URL of a listen address; a wildcard host is reached by loopback. */
export function mcpUrl(listen: string): string {
  return `http://${listen.replace(/^(?:0\.0\.0\.0|\[::\]|::)?:/, "127.0.0.1:")}/mcp`;
}
