import type { Define } from "../define.ts";
import { renderExplained, renderTokens } from "../render/search.ts";
import { renderResults } from "../render/tools.ts";
import { describeTools } from "./tools_describe.ts";
import { list, noteMissing, TOOL_APPROVALS, TOOL_RISKS, TOOL_STATUSES } from "./tools_list.ts";
import { definePreflight } from "./tools_preflight.ts";
import { defineReview } from "./tools_review.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

/** Defines `mcpproxy tools …`. */
export const define: Define = (command, session) => {
  command.command("list")
    .description("List tools")
    .option("-s, --server <name>", "only the tools of this server")
    .option("--status <status>", TOOL_STATUSES.join(", "))
    .option("--risk <risk>", TOOL_RISKS.join(", "))
    .option(
      "--approval <status>",
      `${TOOL_APPROVALS.join(", ")}; all but the first list what agents do not see`,
    )
    .action((options) => list(options, session));
  command.command("search")
    .description("Search tools by words")
    .argument("<words...>", "what the tool should do")
    .option("--limit <count>", "most results, 1 to 100")
    .option("--explain", "say which words matched in which fields")
    .action((words, options) => search(words.join(" "), options, session));
  command.command("describe")
    .description("Show all that tools say of themselves, and their arguments")
    .argument("<ids...>", "tools as SERVER:TOOL")
    .action((ids) => describeTools(ids, session));
  command.command("tokens")
    .description("Show what tools and searches take in tokens, and what searching has saved")
    .action(() => tokens(session));
  definePreflight(command, session);
  defineReview(command, session);
};

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
