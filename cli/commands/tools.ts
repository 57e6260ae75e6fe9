import type { ToolView, VerbOutput } from "../../lib/contracts/mod.ts";
import type { Define } from "../define.ts";
import { renderExplained, renderTokens } from "../render/search.ts";
import { byId, renderResults, renderTools } from "../render/tools.ts";
import { oneLine } from "../render/text.ts";
import { definePreflight } from "./tools_preflight.ts";
import { defineReview } from "./tools_review.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

/** Defines `mcpproxy tools …`. */
export const define: Define = (command, session) => {
  command.command("list")
    .description("List tools")
    .option("-s, --server <name>", "only the tools of this server")
    .action((options) => list(options.server, session));
  command.command("search")
    .description("Search tools by words")
    .argument("<words...>", "what the tool should do")
    .option("--limit <count>", "most results, 1 to 100")
    .option("--explain", "say which words matched in which fields")
    .action((words, options) => search(words.join(" "), options, session));
  command.command("tokens")
    .description("Show what tools and searches take in tokens, and what searching has saved")
    .action(() => tokens(session));
  definePreflight(command, session);
  defineReview(command, session);
};

async function list(server: string | undefined, session: Session): Promise<void> {
  const found = await fetchTools(server, session);
  const tools = byId(found.tools);
  if (session.format === "table" && tools.length === 0) await session.note("No tools");
  else await session.print(tools, (look) => renderTools(tools, look));
  await noteMissing(found, session);
}

type Found = Pick<VerbOutput<"tools.list">, "failed_servers"> & { readonly tools: readonly ToolView[] };

async function fetchTools(name: string | undefined, session: Session): Promise<Found> {
  const management = await session.management();
  const { signal } = session;
  if (name === undefined) return await management.request("tools.list", {}, { signal });
  return await management.request("servers.tools", { name }, { signal });
}

/** A list without the tools of a server that failed must not look whole. */
async function noteMissing(
  { failed_servers: missing = [] }: Pick<Found, "failed_servers">,
  session: Session,
): Promise<void> {
  for (const { name, error } of missing) {
    await session.note(`Tools of server "${oneLine(name)}" are missing: ${oneLine(error)}`);
  }
}

interface SearchOptions {
  readonly limit?: string;
  readonly explain?: true;
}

async function search(q: string, { limit, explain }: SearchOptions, session: Session): Promise<void> {
  const input = { q, ...(explain && { explain }), ...(limit === undefined ? {} : { limit: toLimit(limit) }) };
  const management = await session.management();
  const found = await management.request("tools.search", input, { signal: session.signal });
  if (session.format === "table" && found.results.length === 0) {
    await session.note("No tool matches; mcpproxy tools list shows all");
  } else {
    await session.print(
      found,
      explain ? (look) => renderExplained(found, look) : (look) => renderResults(found, look),
    );
  }
  await noteMissing(found, session);
}

async function tokens(session: Session): Promise<void> {
  const management = await session.management();
  const figures = await management.request("stats.tokens", {}, { signal: session.signal });
  await session.print(figures, (look) => renderTokens(figures, look));
}

function toLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw usageError(`Cannot use limit "${text}": wanted a whole number from 1 to 100`, "tools search");
}
