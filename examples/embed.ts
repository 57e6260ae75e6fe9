/**
 * Embeds the gateway in a program: opens it on a free port, waits for its
 * servers, finds a tool by words and calls it.
 *
 * Run it with `deno task example`.
 *
 * @module
 */

import { type Gateway, openGateway, type ServerView } from "../mod.ts";

/** Resolves when no server is on its way any more, with the servers as they are then. */
async function settled(gateway: Gateway): Promise<readonly ServerView[]> {
  const changed = Promise.withResolvers<readonly ServerView[]>();
  async function look(): Promise<void> {
    const { servers } = await gateway.management.request("servers.list", {});
    if (servers.every(({ connecting }) => !connecting)) changed.resolve(servers);
  }
  using _watch = gateway.onServerChange(() => void look());
  await look();
  return await changed.promise;
}

/** Runs the story; `say` gets one line at a time. */
export async function main(
  options: { readonly config: string; readonly dataDir: string; readonly say: (line: string) => void },
): Promise<void> {
  const { config, dataDir, say } = options;
  await using gateway = await openGateway({ config, dataDir, listen: "127.0.0.1:0" });
  for (const { name, health } of await settled(gateway)) say(`${name}: ${health.summary}`);

  const { results } = await gateway.management.request("tools.search", {
    q: "echo back a message",
    limit: 1,
  });
  const best = results[0]?.tool;
  if (best === undefined) throw new Error('Cannot find a tool for "echo back a message"');
  say(`best tool: ${best.id}`);

  const result = await gateway.management.request("calls.call", {
    tool_name: best.id,
    arguments: { message: "hello from a program" },
  });
  for (const block of result.content) say(`${block.type}: ${block.text}`);
}

if (import.meta.main) {
  const here = import.meta.dirname ?? ".";
  await main({
    config: `${here}/config.json`,
    dataDir: await Deno.makeTempDir({ prefix: "mcpproxy-example-" }),
    say: (line) => console.log(line),
  });
}
