/// <reference lib="dom" />
/**
 * The form for a new server. What is added here is held in quarantine, like
 * what comes from anywhere else.
 *
 * @module
 */

import { toPairs, toWords, type Typed } from "./command_line.ts";
import { make } from "./dom.ts";
import { busy, type Page, tellDone } from "./page.ts";
import { toHash } from "./routes.ts";

/** What the form says, as text. */
export interface TypedServer {
  readonly name: string;
  readonly target: string;
  /** A pair a line: variables of a program, headers of an address. */
  readonly pairs: string;
}

/** Makes the entry that a form means; an address is told from a command by how it begins. */
export function toEntry({ name, target, pairs }: TypedServer): Typed<Readonly<Record<string, unknown>>> {
  const isUrl = /^https?:\/\//i.test(target.trim());
  const read = toPairs(pairs, isUrl ? ":" : "=");
  if ("wrong" in read) return read;
  const has = Object.keys(read.ok).length > 0;
  if (isUrl) return { ok: { name, url: target.trim(), ...(has ? { headers: read.ok } : {}) } };
  const words = toWords(target);
  if ("wrong" in words) return words;
  const [command, ...args] = words.ok;
  return { ok: { name, command, args, ...(has ? { env: read.ok } : {}) } };
}

/** Shows the form, folded until somebody wants it. */
export function addServerForm(page: Page): HTMLElement {
  const name = make("input", {
    id: "add-name",
    required: true,
    maxlength: 64,
    autocomplete: "off",
    spellcheck: "false",
  });
  const target = make("input", {
    id: "add-target",
    required: true,
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "npx -y @modelcontextprotocol/server-memory, or https://…/mcp",
  });
  const pairs = make("textarea", {
    id: "add-pairs",
    rows: 2,
    spellcheck: "false",
    placeholder: "TOKEN=${keyring:my-token}",
  });
  const submit = make("button", { class: "main" }, "Add, held in quarantine");
  const wrong = make("p", { class: "warning", role: "alert" });
  const form = make(
    "form",
    {
      id: "add",
      on: {
        submit: (event) => {
          event.preventDefault();
          void busy(submit, add);
        },
      },
    },
    make("label", { for: "add-name" }, "Name"),
    name,
    make("label", { for: "add-target" }, "Command or URL"),
    target,
    make(
      "label",
      { for: "add-pairs" },
      "Variables of the program (NAME=value) or headers of the URL (Name: value), one a line",
    ),
    pairs,
    wrong,
    make("div", { class: "actions" }, submit),
  );

  async function add(): Promise<void> {
    const entry = toEntry({ name: name.value.trim(), target: target.value, pairs: pairs.value });
    wrong.textContent = "wrong" in entry ? entry.wrong : "";
    if ("wrong" in entry) return;
    const { server, quarantined, warnings = [] } = await page.api.ask<"servers.add">(
      "POST",
      "/servers",
      entry.ok,
    );
    form.reset();
    await page.state.load();
    if (quarantined) location.hash = "#/approvals";
    else location.hash = toHash({ view: "server", name: server });
    const more = warnings.map((warning) => `. It ${warning}`).join("");
    tellDone(`Server "${server}" is added${quarantined ? " and held until you let it in" : ""}${more}`);
  }

  return make("details", { class: "card more" }, make("summary", {}, "Add a server"), form);
}
