import { deepStrictEqual, match, ok, throws } from "node:assert/strict";
import { parseConfig } from "../../../lib/config/mod.ts";
import { GatewayError, resolveFeatures } from "../../../lib/contracts/mod.ts";

const parse = (value: unknown) => parseConfig(JSON.stringify(value, undefined, 1), "/x/config.json");
const on = (value: unknown) =>
  Object.entries(resolveFeatures(parse(value).config)).flatMap(([name, isOn]) => isOn ? [name] : []);
const refusal = (value: unknown) => {
  let said = "";
  throws(() => parse(value), (error) => {
    ok(error instanceof GatewayError);
    said = `${error.message} → ${error.remedy}`;
    return error.code === "MCPX_CONFIG_INVALID";
  });
  return said;
};

Deno.test("resolveFeatures() has defaults, and nothing on that this version does not have", () => {
  const usual = ["enable_observability", "enable_health_checks", "enable_metrics", "enable_web_ui"];
  deepStrictEqual(on({}), usual);
  const all = {
    enable_observability: true,
    enable_health_checks: true,
    enable_metrics: true,
    enable_tracing: true,
    enable_docker_isolation: true,
    enable_web_ui: true,
    enable_tray: true,
  };
  deepStrictEqual(on({ features: all }), [...usual.slice(0, 3), "enable_docker_isolation", "enable_web_ui"]);
  deepStrictEqual(on({ features: { enable_observability: false } }), ["enable_web_ui"]);
  deepStrictEqual(on({ features: { enable_metrics: false, enable_web_ui: false } }), usual.slice(0, 2));
});

Deno.test("resolveFeatures() reads the sections of mcpproxy-go, over which features wins", () => {
  const off = { observability: { metrics: { enabled: false } } };
  ok(!on(off).includes("enable_metrics"));
  ok(on({ ...off, features: { enable_metrics: true } }).includes("enable_metrics"));
  match(
    parse({ ...off, features: { enable_metrics: true } }).notices.join(),
    /"observability\.metrics\.enabled" is ignored: "features\.enable_metrics" says otherwise and wins/,
  );
  deepStrictEqual(parse({ ...off, features: { enable_metrics: false } }).notices, []);
});

Deno.test("parseConfig() refuses a feature whose need is off, in words and in both spellings", () => {
  const features = { enable_observability: false };
  for (const name of ["enable_metrics", "enable_health_checks", "enable_tracing"]) {
    match(
      refusal({ features: { ...features, [name]: true } }),
      new RegExp(
        `features.${name} at 4:\\d+: "features.${name}" is on and needs "features.enable_observability", which is off → Set`,
      ),
    );
  }
  match(
    refusal({ features, observability: { tracing: { enabled: true } } }),
    /observability\.tracing\.enabled at 7:\d+: "observability\.tracing\.enabled" is on and needs/,
  );
  parse({ features: { ...features, enable_metrics: false } });
});

Deno.test("parseConfig() knows every feature by name and type", () => {
  match(refusal({ features: { enable_metrcs: true } }), /did you mean "enable_metrics"/);
  match(
    refusal({ features: { enable_metrics: "yes" } }),
    /features\.enable_metrics at 3:\d+: found "yes", wanted boolean/,
  );
  match(refusal({ observability: { metrics: { enabld: true } } }), /did you mean "enabled"/);
});

Deno.test("parseConfig() says which features have no effect", () => {
  const { notices } = parse({
    features: { enable_tracing: true, enable_tray: false },
    docker_isolation: { enabled: true, memory_limit: "512m" },
  });

  deepStrictEqual(notices.map((notice) => notice.replace(/ \(.*/, "")), [
    '"features.enable_tracing" has no effect: this version does not have it',
  ]);
});
