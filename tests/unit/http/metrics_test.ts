import { strictEqual } from "node:assert/strict";
import { renderMetrics } from "../../../lib/http/metrics.ts";

Deno.test("renderMetrics() escapes what a label may hold", () => {
  strictEqual(
    renderMetrics([{
      name: "x",
      type: "gauge",
      help: "y",
      samples: [{ labels: { a: 'q"\\\n' }, value: 1 }],
    }]),
    '# HELP x y\n# TYPE x gauge\nx{a="q\\"\\\\\\n"} 1\n',
  );
});
