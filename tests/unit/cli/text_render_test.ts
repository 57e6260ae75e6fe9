import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { renderValue } from "../../../cli/render/format.ts";
import { renderTable } from "../../../cli/render/table.ts";
import { cut, harmless, oneLine, toSafeJson, visible, widthOf } from "../../../cli/render/text.ts";
import { toYaml } from "../../../cli/render/yaml.ts";
import { PIPE } from "./render_fixture.ts";

Deno.test("harmless() lets only our own styles act", () => {
  strictEqual(
    harmless("\x1b[31mbad\x1b[0m\n\x1b[2J\x1b]0;x\x07\x1b[5m\r"),
    "\x1b[31mbad\x1b[0m\n\\u{1b}[2J\\u{1b}]0;x\\u{7}\\u{1b}[5m\\u{d}",
  );
});

Deno.test("toSafeJson() writes the same value with nothing in it that acts", () => {
  const value = { "k\u202e": ["\x1b\x9b\x7f\u200b", "\u{e0041}", "می‌خواهم"], n: 1 };
  const text = toSafeJson(value, 2);

  deepStrictEqual(JSON.parse(text), value);
  match(text, /^[\n\x20-\x7e\u0600-\u06ff\u200c]*$/);
});

Deno.test("visible() shows what would steer a terminal or hide text", () => {
  strictEqual(visible("a\x1b[31mb\x07\x7f\x9b"), "a\\u{1b}[31mb\\u{7}\\u{7f}\\u{9b}");
  strictEqual(
    visible("x\u202ey\u200bz\u2066\ufeff\u{e0041}"),
    "x\\u{202e}y\\u{200b}z\\u{2066}\\u{feff}\\u{e0041}",
  );
  strictEqual(visible("a\nb\tc", "\n\t"), "a\nb\tc");
  strictEqual(visible("日本 é 👩‍👧"), "日本 é 👩‍👧");
  for (const honest of ["می‌خواهم", "क्‍ष", "❤️‍🔥"]) strictEqual(visible(honest), honest);
  strictEqual(visible("ig\u200dnore \u200call\u00ad"), "ig\\u{200d}nore \\u{200c}all\\u{ad}");
  strictEqual(oneLine(" a\r\n\n  b\x1b "), "a b\\u{1b}");
});

Deno.test("widthOf() and cut() count terminal columns", () => {
  deepStrictEqual(["abc", "日本", "é", "👩‍👧", "✅", "⏸️", "ｆ"].map(widthOf), [3, 4, 1, 2, 2, 2, 2]);
  strictEqual(cut("日本語です", 6), "日本…");
  strictEqual(cut("abcdef", 4), "abc…");
  strictEqual(cut("abcd", 4), "abcd");
});

Deno.test("renderTable() aligns columns and leaves no blanks at the end", () => {
  const text = renderTable(
    [{ title: "A" }, { title: "N", align: "right" }, { title: "B" }],
    [["日", "1", "x"], ["abc", "10", ""]],
    PIPE,
  );

  strictEqual(text, "A     N  B\n日    1  x\nabc  10\n");
});

Deno.test("renderTable() fits every line to any width", () => {
  const cell = fc.string({ unit: "grapheme" }).map(oneLine);
  fc.assert(fc.property(
    fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }),
    fc.integer({ min: 12, max: 60 }),
    fc.boolean(),
    (rows, width, isSpare) => {
      const columns = [
        { title: "NAME", key: true, spare: isSpare },
        { title: "N", align: "right" as const },
        {
          title: "TEXT",
          flexible: true,
        },
      ];
      const lines = renderTable(columns, rows, { width, colour: false }).split("\n");
      ok(lines.every((line) => widthOf(line) <= width));
    },
  ));
});

Deno.test("renderTable() cuts flexible columns first and cuts nothing in a pipe", () => {
  const columns = [{ title: "NAME" }, { title: "TEXT", flexible: true }];
  const rows = [["server-name", "a long text that goes on"]];

  strictEqual(
    renderTable(columns, rows, { width: 25, colour: false }).split("\n")[1],
    "server-name  a long text…",
  );
  strictEqual(renderTable(columns, rows, PIPE).split("\n")[1], "server-name  a long text that goes on");
});

Deno.test("renderTable() leaves spare columns out before it cuts what people type, in a terminal only", () => {
  const columns = [
    { title: "NAME", key: true },
    { title: "NOTE", spare: true },
    { title: "TIME", spare: true },
    { title: "TEXT", flexible: true },
  ];
  const rows = [["server-name", "", "10:00", "a long text"], ["other", "", "11:00", "text"]];
  const second = (width?: number) => renderTable(columns, rows, { ...PIPE, width }).split("\n")[1];

  strictEqual(second(), "server-name        10:00  a long text");
  strictEqual(second(40), "server-name  10:00  a long text", "nothing stands in it");
  strictEqual(second(28), "server-name  10:00  a long…");
  strictEqual(second(24), "server-name  a long text");
  strictEqual(second(14), "server-name  …");
});

Deno.test("renderValue() writes JSON with two blanks and YAML without folding", async () => {
  const long = "word ".repeat(40).trim();

  strictEqual(await renderValue({ a: [1] }, "json"), '{\n  "a": [\n    1\n  ]\n}\n');
  strictEqual(await renderValue({ a: [1], b: long }, "yaml"), `a:\n  - 1\nb: ${long}\n`);
});

Deno.test("toYaml() writes what would act by its number, and reads back the same", async () => {
  const value = {
    "key \x1b[2J": [
      "plain",
      "c1 \x9b31m",
      "del \x7f",
      "\u202eback",
      "tag \u{e0041}",
      "two\nlines \x07",
      "می‌رود",
    ],
    long: "x \x1b ".repeat(100),
    text: "two\nplain lines\n",
  };

  const text = toYaml(value);

  // deno-lint-ignore no-control-regex
  ok(!/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u{e0041}]/u.test(text), text);
  deepStrictEqual(parse(text), value);
  strictEqual(await renderValue(value, "yaml"), text);
});
