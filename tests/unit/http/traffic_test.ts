import { match, ok, strictEqual } from "node:assert/strict";
import { renderMetrics } from "../../../lib/http/metrics.ts";
import { createTraffic } from "../../../lib/http/traffic.ts";

const NOUNS = new Set(["servers"]);

Deno.test("createTraffic() counts requests by their place, whatever strangers put into a URL", () => {
  const traffic = createTraffic(NOUNS, () => 12);
  for (const path of ["servers/a", "servers/b?x=1", "servers"]) {
    traffic.request("GET", `http://h:1/api/v1/${path}`, { status: 200, tookMs: 20 });
  }
  for (const path of ["api/v1/made-up", "wp-login.php", "mcp/p/one", ""]) {
    traffic.request("POST", `http://h/${path}`, { status: 404, tookMs: 5_000 });
  }

  const text = renderMetrics(traffic.families());
  const line = (words: string) => ok(text.includes(`${words}\n`), `${words} is not in\n${text}`);
  line('mcpproxy_http_requests_total{method="GET",path="/api/v1/servers",status="200"} 3');
  line('mcpproxy_http_requests_total{method="POST",path="/api/v1",status="404"} 1');
  line('mcpproxy_http_requests_total{method="POST",path="/mcp",status="404"} 1');
  line('mcpproxy_http_requests_total{method="POST",path="other",status="404"} 2');
  line("mcpproxy_event_loop_lag_seconds 0.012");
  line("# TYPE mcpproxy_http_request_duration_seconds histogram");
  const get =
    'mcpproxy_http_request_duration_seconds_bucket{method="GET",path="/api/v1/servers",status="200",le=';
  line(`${get}"0.005"} 0`);
  line(`${get}"0.025"} 3`);
  line(`${get}"+Inf"} 3`);
  line('mcpproxy_http_request_duration_seconds_sum{method="POST",path="/mcp",status="404"} 5');
});

Deno.test("createTraffic() counts calls by tool and outcome, and never more names than it can keep", () => {
  const traffic = createTraffic(NOUNS, () => 12);
  const call = { type: "tool_call", status: "success", server_name: "s", duration_ms: 3 } as const;
  traffic.record({ ...call, tool_name: "t" });
  traffic.record({ ...call, tool_name: "t", status: "error" });
  traffic.record({ ...call, tool_name: "gone", status: "error", error_code: "MCPX_TOOL_NOT_FOUND" });
  traffic.record({ type: "quarantine_change", status: "success", metadata: { action: "approve" } });
  for (let index = 0; index < 3_000; index++) traffic.record({ ...call, tool_name: `t${index}` });

  const text = renderMetrics(traffic.families());
  match(text, /^mcpproxy_tool_calls_total\{server="s",tool="t",status="success"\} 1$/m);
  match(text, /^mcpproxy_tool_calls_total\{server="s",tool="t",status="error"\} 1$/m);
  match(text, /^mcpproxy_tool_calls_total\{server="other",tool="other",status="other"\} 2002$/m);
  match(text, /^mcpproxy_quarantine_events_total\{scope="server",action="approve"\} 1$/m);
  ok(!text.includes('tool="gone"'));
  strictEqual(text.match(/^mcpproxy_tool_calls_total\{/gm)?.length, 1_001);
});
