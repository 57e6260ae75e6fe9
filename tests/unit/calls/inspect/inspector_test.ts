import { deepStrictEqual, match, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type Config, ConfigSchema, type ToolDefinition } from "../../../../lib/contracts/mod.ts";
import { type Inspection, openInspector, toEntry } from "../../../../lib/calls/mod.ts";
import type { Logger } from "../../../../lib/observability/mod.ts";
import { createDenoPlatform } from "../../../../lib/platform/mod.ts";
import { UpstreamRpcError } from "../../../../lib/upstream/mod.ts";

const TOKEN = `ghp_${"aB3dE5fG7hI9jK1lM2nO4pQ6rS8tU0vW1xY2"}`;
const MASKED = "[redacted:github_pat]";

type ConfigInput = Readonly<Record<string, unknown>>;

const SILENT: Logger = createLogger();

function createLogger(): Logger {
  const nothing = () => {};
  return { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
}

/** An inspector over a config that can be changed, with all that it tells. */
function scene(input: ConfigInput = {}, server: ConfigInput = {}) {
  let config: Config = read(input, server);
  const events: { readonly type: string; readonly payload: unknown }[] = [];
  const notices: string[] = [];
  const inspector = openInspector({
    platform: createDenoPlatform(),
    config: () => config,
    log: SILENT,
    publish: (type, payload) => void events.push({ type, payload }),
    onNotice: (text) => void notices.push(text),
  });
  return {
    events,
    notices,
    begin: () => inspector.begin({ server: "s", tool: "t", requestId: "r" }, config.mcpServers[0]),
    change: (next: ConfigInput) => config = read(next, server),
    [Symbol.dispose]: () => inspector[Symbol.dispose](),
  };
}

function read(input: ConfigInput, server: ConfigInput): Config {
  return ConfigSchema.parse({ ...input, mcpServers: [{ name: "s", command: "x", ...server }] });
}

function begin(of: { begin(): Inspection | undefined }): Inspection {
  const inspection = of.begin();
  ok(inspection);
  return inspection;
}

const text = (value: string) => ({ content: [{ type: "text", text: value }] });

function tool(more: Partial<ToolDefinition> = {}): ToolDefinition {
  return { name: "t", inputSchema: {}, ...more };
}

const NUMBER = tool({
  outputSchema: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
});

Deno.test("Inspector tells of secrets without changing or delaying anything", async () => {
  using at = scene();
  const inspection = begin(at);
  const [args, result] = [{ key: TOKEN }, text(`x ${TOKEN}`)];

  strictEqual(inspection.arguments(args), args);
  strictEqual(inspection.result(result, tool()), result);
  strictEqual(at.events.length, 0);
  inspection.finish();
  const entry = toEntry(await inspection.report());

  deepStrictEqual(entry.detection_types, ["github_pat"]);
  deepStrictEqual([entry.arguments, entry.response], [{ key: MASKED }, text(`x ${MASKED}`)]);
  strictEqual(entry.max_severity, "critical");
  deepStrictEqual(entry.metadata, {
    sensitive_data_detection: {
      detected: true,
      total: 2,
      detections: ["arguments/key", "response/content/0/text"].map((location) => ({
        type: "github_pat",
        category: "api_token",
        severity: "critical",
        location,
      })),
    },
  });
  deepStrictEqual(at.events.map(({ type }) => type), ["sensitive_data.detected"]);
  ok(!JSON.stringify(at.events).includes(TOKEN));
});

Deno.test("Inspector leaves everything alone where nothing is to be looked for", async () => {
  using off = scene({ sensitive_data_detection: { enabled: false }, output_validation: { mode: "off" } });
  strictEqual(off.begin(), undefined);

  using clean = scene();
  const inspection = begin(clean);
  inspection.arguments({ a: 1 });
  inspection.finish();
  deepStrictEqual(toEntry(await inspection.report()), {});
  deepStrictEqual(clean.events, []);
});

Deno.test("Inspector masks secrets in arguments, results and errors", async () => {
  using at = scene({ sensitive_data_detection: { request_action: "mask", response_action: "mask" } });
  const inspection = begin(at);
  const clean = text("nothing here");

  deepStrictEqual(await inspection.arguments({ a: [TOKEN], n: 1 }), { a: [MASKED], n: 1 });
  deepStrictEqual(await inspection.result({ ...text(TOKEN), structuredContent: { k: TOKEN } }), {
    ...text(MASKED),
    structuredContent: { k: MASKED },
  });
  strictEqual(await inspection.result(clean), clean);
  const error = await inspection.error(new UpstreamRpcError(-32000, `no ${TOKEN}`, { why: TOKEN }));
  deepStrictEqual([error.code, error.message, error.data], [-32000, `no ${MASKED}`, { why: MASKED }]);
  inspection.finish();
  deepStrictEqual(at.events.map(({ type }) => type), ["sensitive_data.detected"]);
});

Deno.test("Inspector blocks, by the global action or by that of the server", async () => {
  using at = scene({}, { sensitive_data: "block" });
  const inspection = begin(at);
  const wanted = { code: "MCPX_SENSITIVE_DATA" };

  await rejects(async () => await inspection.arguments({ a: TOKEN }), wanted);
  await rejects(async () => await inspection.result(text(TOKEN), tool()), wanted);
  deepStrictEqual(await inspection.arguments({ a: "plain" }), { a: "plain" });
  // Milder than min_severity: told, not blocked.
  const bearer = text("Authorization: Bearer abcDEF123456ghiJKL7890mnoPQR");
  strictEqual(await inspection.result(bearer), bearer);

  using old = scene({ output_sanitisation: { response_action: "block" } });
  await rejects(async () => await begin(old).result(text(TOKEN)), wanted);
});

Deno.test("Inspector refuses what is too much to be looked through, if it were to be masked", async () => {
  using at = scene({ sensitive_data_detection: { response_action: "mask", max_payload_size_kb: 1 } });
  await rejects(async () => await begin(at).result(text("a ".repeat(2_000))), {
    code: "MCPX_SENSITIVE_DATA",
    message: /too much/,
  });

  using many = scene({
    sensitive_data_detection: { response_action: "mask" },
    output_sanitisation: { max_redactions: 2 },
  });
  await rejects(async () => await begin(many).result(text(`${TOKEN} ${TOKEN} ${TOKEN}`)), {
    message: /3 secrets/,
  });

  using told = scene({ sensitive_data_detection: { max_payload_size_kb: 1 } });
  const inspection = begin(told);
  inspection.result(text("a ".repeat(2_000)));
  inspection.finish();
  deepStrictEqual(toEntry(await inspection.report()).metadata, {
    sensitive_data_detection: { incomplete: true },
  });
});

Deno.test("Inspector takes a changed config at once and leaves out a pattern that is not valid", async () => {
  using at = scene();
  const pattern = (regex: string) => ({
    sensitive_data_detection: {
      request_action: "mask",
      min_severity: "low",
      custom_patterns: [{ name: "bad", regex: "(" }, { name: "badge", regex, severity: "low" }],
      sensitive_keywords: ["Nightfall"],
    },
  });

  at.change(pattern("EMP-[0-9]+"));
  deepStrictEqual(await begin(at).arguments({ a: "EMP-77 and nightfall" }), {
    a: "[redacted:badge] and [redacted:sensitive_keyword]",
  });
  at.change(pattern("DEP-[0-9]+"));
  deepStrictEqual(await begin(at).arguments({ a: "EMP-77 DEP-1" }), { a: "EMP-77 [redacted:badge]" });
  match(at.notices[0] ?? "", /"bad"/);
});

Deno.test("Inspector warns of a structured result that does not fit, or refuses it", async () => {
  const misfit = { ...text("{}"), structuredContent: { n: "one" } };
  using warns = scene();
  const inspection = begin(warns);
  strictEqual(inspection.result(misfit, NUMBER), misfit);
  inspection.finish();
  match((await inspection.report()).output ?? "", /"\/n" it is string, wanted number/);
  deepStrictEqual(warns.events.map(({ type }) => type), ["output_validation.failed"]);

  using strict = scene({ output_validation: { mode: "strict", missing_structured_content: "block" } });
  const refuse = { code: "MCPX_OUTPUT_INVALID" };
  await rejects(async () => await begin(strict).result(misfit, NUMBER), refuse);
  await rejects(async () => await begin(strict).result(text("x"), NUMBER), refuse);
  const fits = { ...text("{}"), structuredContent: { n: 1 } };
  strictEqual(await begin(strict).result(fits, NUMBER), fits);
  // A server may send anything as its schema.
  for (const nonsense of [false, "text", 5]) {
    const odd = { ...tool(), outputSchema: nonsense } as unknown as ToolDefinition;
    const judged = async () => await begin(strict).result(fits, odd);
    if (nonsense === false) await rejects(judged, refuse);
    else strictEqual(await judged(), fits);
  }
  const failed = { ...text("no"), isError: true };
  strictEqual(await begin(strict).result(failed, NUMBER), failed);
});

Deno.test("Inspector puts marks around text of tools that reach outside, anew each time", async () => {
  using at = scene({ output_sanitisation: { spotlight_untrusted: true } });
  const result = { ...text("hello"), structuredContent: { a: "b" } };
  const once = await begin(at).result(result, tool());
  const twice = await begin(at).result(result, tool());
  const closed = tool({ annotations: { openWorldHint: false } });

  const [block] = once.content;
  match(block?.text ?? "", /^\[begin ([0-9a-f]{32}): text from server s; .*\]\nhello\n\[end \1\]$/s);
  deepStrictEqual(once.structuredContent, { a: "b" });
  notStrictEqual(once.content[0]?.text, twice.content[0]?.text);
  strictEqual(await begin(at).result(result, closed), result);

  using always = scene({}, { spotlight: "always" });
  match((await begin(always).result(result, closed)).content[0]?.text ?? "", /^\[begin/);
});

Deno.test("Inspector removes control characters where it is asked to", async () => {
  using at = scene({ output_sanitisation: { strip_control_chars: true } });
  const result = await begin(at).result(text("\x1b[31mred\x1b[0m \u202etxt\u200b \x07ok می‌خواهم"));
  strictEqual(result.content[0]?.text, "red txt ok می‌خواهم");
});
