/// <reference lib="dom" />
/**
 * The end of a server's log, as it grows.
 *
 * @module
 */

import type { LogLine } from "../lib/contracts/mod.ts";
import { step } from "./api.ts";
import { make } from "./dom.ts";
import { empty, type Page, tellProblem } from "./page.ts";

const TAIL = 200;
/** Lines on the page at most; the oldest go. */
const MAX_LINES = 1_000;

/** Shows the log of a server, read when somebody opens it and followed until it is closed. */
export function logPart(page: Page, name: string, signal: AbortSignal): HTMLElement {
  const lines = make("ol", { class: "log", tabindex: 0, "aria-label": `Log of server ${name}` });
  const nothing = empty("Nothing was logged yet.");
  let following: AbortController | undefined;

  function add(line: LogLine): void {
    const isAtEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 40;
    lines.append(
      make(
        "li",
        { class: /error|fatal/i.test(line.level) ? "bad" : /warn/i.test(line.level) ? "fair" : "" },
        make("time", { class: "stamp", datetime: line.timestamp }, clockOf(line.timestamp)),
        line.message,
      ),
    );
    while (lines.children.length > MAX_LINES) lines.firstElementChild?.remove();
    nothing.hidden = true;
    if (isAtEnd) lines.scrollTop = lines.scrollHeight;
  }

  async function follow(until: AbortSignal): Promise<void> {
    const path = `/api/v1/servers/${step(name)}/logs?follow=true&tail=${TAIL}`;
    const reader = (await page.api.open(path, { signal: until })).getReader();
    let rest = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const texts = (rest + part.value).split("\n");
      rest = texts.pop() ?? "";
      for (const text of texts) if (text !== "") add(JSON.parse(text));
    }
  }

  const details = make(
    "details",
    {
      class: "card more",
      id: "log",
      on: {
        toggle: () => {
          following?.abort();
          if (!details.open) return;
          lines.replaceChildren();
          nothing.hidden = false;
          following = new AbortController();
          const until = AbortSignal.any([signal, following.signal]);
          void follow(until).catch((error) => until.aborted || tellProblem(error));
        },
      },
    },
    make("summary", {}, "Log"),
    nothing,
    lines,
  );
  return details;
}

function clockOf(iso: string): string {
  return iso.slice(11, 19);
}
