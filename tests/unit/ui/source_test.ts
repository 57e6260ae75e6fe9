import { deepStrictEqual, ok } from "node:assert/strict";

const UI = new URL("../../../ui/", import.meta.url);
/** Ways of a browser to take text for more than text. */
const READS_HTML =
  /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTML|srcdoc|\beval\b|new Function|\.style\b|setTimeout\(["'`]/;

Deno.test("the page never reads HTML, and only one file makes elements", async () => {
  const found: string[] = [];
  let files = 0;
  for await (const { name } of Deno.readDir(UI)) {
    if (!name.endsWith(".ts")) continue;
    files++;
    const text = await Deno.readTextFile(new URL(name, UI));
    if (READS_HTML.test(text)) found.push(`${name}: ${READS_HTML.exec(text)?.[0]}`);
    if (name !== "dom.ts" && /createElement|createTextNode|setAttribute\("(?!aria-)/.test(text)) {
      found.push(name);
    }
  }

  deepStrictEqual(found, []);
  ok(files > 20);
});

Deno.test("the page loads nothing from elsewhere", async () => {
  for (const name of ["index.html", "base.css", "parts.css"]) {
    const text = await Deno.readTextFile(new URL(name, UI));
    deepStrictEqual(/(?:https?:)?\/\/\w|@import|\son\w+=|\sstyle=/.exec(text)?.[0], undefined, name);
  }
});
