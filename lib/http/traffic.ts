import type { ActivityRecord } from "../contracts/mod.ts";
import type { Family } from "./metrics.ts";

/** Upper bounds of buckets, in seconds. */
const BOUNDS = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 60];
/** What comes beyond so many sets of labels is counted together: names are those of strangers. */
const MAX_SERIES = 1_000;
const OTHER = "other";

type Labels = Readonly<Record<string, string>>;
type Called = Pick<
  ActivityRecord,
  "type" | "status" | "server_name" | "tool_name" | "duration_ms" | "error_code" | "metadata"
>;

interface Series {
  readonly labels: Labels;
  count: number;
  sumSeconds: number;
  /** One for each bound; what is over the last is in `count` only. */
  readonly buckets: number[];
}

/** Counts requests and calls since the start, for `/metrics`. */
export interface Traffic {
  request(method: string, url: string, answer: { readonly status: number; readonly tookMs: number }): void;
  /** Takes a record of activity; most are none of a call, and then nothing is counted. */
  record(record: Called): void;
  families(): readonly Family[];
}

/**
 * @param nouns First words of the routes below `/api/v1`; the others are counted together.
 * @param lagMs Longest time that everything had to wait lately.
 */
export function createTraffic(nouns: ReadonlySet<string>, lagMs: () => number): Traffic {
  const requests = new Map<string, Series>();
  const calls = new Map<string, Series>();
  const holds = new Map<string, Series>();
  return {
    request(method, url, { status, tookMs }) {
      const path = groupOf(url, nouns);
      const key = `${method} ${path} ${status}`;
      const known = requests.get(key) ?? open(requests, key, { method, path, status: String(status) });
      add(known, tookMs / 1_000);
    },
    record({ type, status, server_name: server = "", tool_name: tool = "", ...rest }) {
      if (type === "tool_call") {
        // Whoever asks for what is not there could make up names without end.
        if (rest.error_code?.endsWith("_NOT_FOUND") === true) return;
        const key = `${server}\n${tool}\n${status}`;
        add(calls.get(key) ?? open(calls, key, { server, tool, status }), (rest.duration_ms ?? 0) / 1_000);
      }
      if (type !== "quarantine_change" && type !== "tool_quarantine_change") return;
      const scope = type === "quarantine_change" ? "server" : "tool";
      const action = String(rest.metadata?.action ?? "");
      const key = `${scope} ${action}`;
      add(holds.get(key) ?? open(holds, key, { scope, action }), 0);
    },
    families: () => [
      counter("mcpproxy_http_requests_total", "Answered requests since the start", requests),
      histogram("mcpproxy_http_request_duration_seconds", "Time that requests took", requests),
      counter("mcpproxy_tool_calls_total", "Calls of tools since the start", calls),
      histogram("mcpproxy_tool_call_duration_seconds", "Time that calls of tools took", calls),
      {
        name: "mcpproxy_event_loop_lag_seconds",
        type: "gauge",
        help: "Longest time in the last minute or two that everything had to wait for some work",
        samples: [{ value: Math.round(lagMs()) / 1_000 }],
      },
      counter("mcpproxy_quarantine_events_total", "What was held or let in since the start", holds),
    ],
  };
}

/** A request's path without what is in it of strangers: its first word, or the first below `/api/v1`. */
function groupOf(url: string, nouns: ReadonlySet<string>): string {
  const at = url.indexOf("/", 8) + 1;
  // Calls are many.
  if (url.startsWith("mcp", at) && (url.length === at + 3 || url[at + 3] === "/")) return "/mcp";
  const [first = "", second, third = ""] = url.slice(at).split(/[/?#]/, 3);
  if (first === "api" && second === "v1") return nouns.has(third) ? `/api/v1/${third}` : "/api/v1";
  return PLACES.has(first) ? `/${first}` : OTHER;
}

const PLACES: ReadonlySet<string> = new Set(
  ["mcp", "events", "metrics", "ui", "docs", "healthz", "livez", "health", "readyz", "ready"],
);

function open(among: Map<string, Series>, key: string, labels: Labels): Series {
  const isFull = among.size >= MAX_SERIES;
  const shown = isFull ? Object.fromEntries(Object.keys(labels).map((name) => [name, OTHER])) : labels;
  const known = isFull ? among.get(OTHER) : undefined;
  if (known !== undefined) return known;
  const series = { labels: shown, count: 0, sumSeconds: 0, buckets: BOUNDS.map(() => 0) };
  among.set(isFull ? OTHER : key, series);
  return series;
}

function add(series: Series, seconds: number): void {
  series.count++;
  series.sumSeconds += seconds;
  const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
  if (bucket >= 0) series.buckets[bucket] = (series.buckets[bucket] ?? 0) + 1;
}

function counter(name: string, help: string, of: ReadonlyMap<string, Series>): Family {
  const samples = [...of.values()].map(({ labels, count }) => ({ labels, value: count }));
  return { name, type: "counter", help, samples };
}

function histogram(name: string, help: string, of: ReadonlyMap<string, Series>): Family {
  return { name, type: "histogram", help, samples: [...of.values()].flatMap(toBuckets) };
}

function toBuckets({ labels, count, sumSeconds, buckets }: Series) {
  let below = 0;
  const counts = BOUNDS.map((bound, index) => {
    below += buckets[index] ?? 0;
    return { suffix: "_bucket", labels: { ...labels, le: String(bound) }, value: below };
  });
  return [
    ...counts,
    { suffix: "_bucket", labels: { ...labels, le: "+Inf" }, value: count },
    { suffix: "_sum", labels, value: Number(sumSeconds.toFixed(6)) },
    { suffix: "_count", labels, value: count },
  ];
}
