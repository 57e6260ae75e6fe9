/// <reference lib="dom" />
/**
 * A search over the tools that agents can find, as they find them.
 *
 * @module
 */

import type { ToolView } from "../lib/contracts/mod.ts";
import { make, quote, replace } from "./dom.ts";
import { badge, busy, count, empty, type Page, tellProblem } from "./page.ts";
import { parseRoute, toHash } from "./routes.ts";
import type { Known } from "./state.ts";

/** Shows the search, and what it finds for the words in the address. */
export function toolsView(page: Page, signal: AbortSignal): HTMLElement {
  const query = make("input", {
    type: "search",
    id: "query",
    required: true,
    placeholder: "read a file, list issues, …",
    autocomplete: "off",
  });
  const submit = make("button", { class: "main" }, "Search");
  const results = make("ul", { class: "cards", id: "results" });
  const said = make("p", { class: "lead", role: "status" });

  async function search(): Promise<void> {
    const words = query.value.trim();
    if (words === "") return replace(said, "Agents search the same way; what they may not see is not here.");
    const found = await page.api.ask<"tools.search">("GET", `/index/search?q=${encodeURIComponent(words)}`);
    replace(
      said,
      `${count(found.total, "tool")} in ${found.took}`,
      (found.failed_servers ?? []).map(({ name, error }) =>
        make("span", {}, ". Tools of ", quote(name), " are missing: ", quote(error))
      ),
    );
    replace(
      results,
      found.results.map(({ tool, score }) => result(tool, score)),
      found.total === 0 && [
        empty("No tool matches."),
      ],
    );
  }

  let known: string | undefined;
  /** Servers may come or go while somebody looks at what was found. */
  function searchAnew({ servers }: Known): void {
    const face = servers.map(({ name, tool_count: tools, health }) => `${name} ${tools} ${health.level}`)
      .join();
    if (known !== undefined && known !== face) void search().catch(tellProblem);
    known = face;
  }

  function read(): void {
    const route = parseRoute(location.hash);
    if (route.view !== "tools") return;
    query.value = route.query;
    void busy(submit, search);
  }

  addEventListener("hashchange", read, { signal });
  read();
  page.state.watch(searchAnew, signal);
  return make(
    "div",
    {},
    make("h2", {}, "Tools"),
    make(
      "form",
      {
        id: "search",
        role: "search",
        on: {
          submit: (event) => {
            event.preventDefault();
            const hash = toHash({ view: "tools", query: query.value.trim() });
            if (hash === location.hash) void busy(submit, search);
            else location.hash = hash;
          },
        },
      },
      make("label", { for: "query" }, "What should it do?"),
      make("div", { class: "line" }, query, submit),
    ),
    said,
    results,
  );
}

function result(tool: ToolView, score: number): HTMLElement {
  const { id, server_name: server, description, call_with: call, schema, disabled } = tool;
  return make(
    "li",
    { class: "approval", "data-name": id },
    make(
      "div",
      { class: "what" },
      make(
        "p",
        { class: "head" },
        make("a", { href: toHash({ view: "server", name: server }) }, make("strong", {}, quote(id))),
        badge(call.replace("call_tool_", "")),
        disabled && badge("not offered", "fair"),
        make("span", { class: "faint" }, `score ${score.toFixed(2)}`),
      ),
      make("p", { class: "words" }, quote(description)),
      make(
        "details",
        {},
        make("summary", {}, "Arguments"),
        make("pre", {}, JSON.stringify(schema, undefined, 2)),
      ),
    ),
  );
}
