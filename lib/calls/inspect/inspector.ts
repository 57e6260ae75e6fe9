import type { Config, ServerConfig } from "../../contracts/mod.ts";
import type { Logger } from "../../observability/mod.ts";
import type { Platform } from "../../platform/mod.ts";
import { type Detector, maskSensitive, type Scanner, type SensitiveReport } from "../../security/mod.ts";
import { type CallPolicy, toCallPolicy } from "./call_policy.ts";
import { createDetectorSource } from "./detector_source.ts";
import { type Findings, namesOf, toEntry } from "./findings.ts";
import { createInspection, type Inspection, type Subject } from "./inspection.ts";
import { createResultScan } from "./result_scan.ts";
import { openBacklog } from "./backlog.ts";

/** Looks at what goes through calls, beyond whether they may be made. */
export interface Inspector extends Disposable {
  /**
   * Begins with one call; `undefined` if nothing is looked for.
   *
   * @param server Entry of its server in the config in force.
   */
  begin(subject: Subject, server: ServerConfig | undefined): Inspection | undefined;
  /** Gives a value as people may be shown it: without the secrets that are found in it. */
  clean(value: unknown): Promise<unknown>;
}

/** What an inspector works with. */
export interface InspectorOptions {
  readonly platform: Platform;
  readonly config: () => Config;
  readonly log: Logger;
  /** Finds orders to the model in results; none are looked for when absent. */
  readonly scanner?: Pick<Scanner, "scan">;
  readonly publish: (type: string, payload: unknown) => void;
  /** Hears in words what the owner of the gateway should know. */
  readonly onNotice: (text: string) => void;
}

/** Texts that are looked through at once; longer ones in pieces. */
const AT_ONCE = 32 * 1024;
/** The same tool is complained of so often at most. */
const QUIET_MS = 60_000;
const MAX_QUIET = 1_000;

/** Opens an inspector. */
export function openInspector(options: InspectorOptions): Inspector {
  const { platform, config, log } = options;
  const backlog = openBacklog(platform.clock);
  const source = createDetectorSource((name, error) => {
    log.warn("custom pattern left out", { name, cause: error });
    options.onNotice(`The pattern "${name}" of sensitive_data_detection is not valid and is left out`);
  });
  const complained = new Map<string, number>();

  async function find(value: unknown): Promise<SensitiveReport> {
    const detector: Detector = await source.current(config());
    return await (sizeOf(value) <= AT_ONCE
      ? detector.find(value)
      : detector.findSlowly(value, backlog.pause));
  }

  /** A tool that always does the same is told of once in a while. */
  function isNews(key: string): boolean {
    const now = platform.clock.monotonic();
    const last = complained.get(key);
    if (last !== undefined && now - last < QUIET_MS) return false;
    if (complained.size >= MAX_QUIET) complained.clear();
    complained.set(key, now);
    return true;
  }

  function tell({ server, tool, requestId }: Subject, findings: Findings): void {
    const about = { server_name: server, tool_name: tool, request_id: requestId };
    const { detection_types: types, max_severity, metadata } = toEntry(findings);
    if (types !== undefined) {
      options.publish("sensitive_data.detected", { ...about, types, max_severity, ...metadata });
      const all = [...findings.arguments?.findings ?? [], ...findings.response?.findings ?? []];
      if (isNews(`secret ${server}:${tool} ${namesOf(all)}`)) {
        log.warn("sensitive data in a call", { requestId, server, tool, kinds: namesOf(all) });
      }
    }
    if (findings.orders !== undefined) {
      const { verdict, findings: found } = findings.orders;
      options.publish("injection.detected", { ...about, ...findings.orders });
      const rules = [...new Set(found.map(({ rule }) => rule))].slice(0, 8).join(", ");
      if (isNews(`orders ${server}:${tool}`)) {
        log.warn("orders in a result", { requestId, server, tool, verdict, rules });
      }
    }
    if (findings.output === undefined || !isNews(`output ${server}:${tool}`)) return;
    options.publish("output_validation.failed", { ...about, problem: findings.output });
    log.warn("result does not fit its schema", { requestId, server, tool, problem: findings.output });
  }

  const tools = {
    find,
    scan: options.scanner === undefined ? undefined : createResultScan(options.scanner),
    mark: () => platform.random.uuid().replaceAll("-", ""),
    later: backlog.add,
    tell,
  };
  const policyOf = createPolicies(config);
  // Made ready before the first call needs it.
  void source.current(config());
  return {
    begin(subject, server) {
      const policy = policyOf(server);
      return policy.isIdle ? undefined : createInspection(subject, policy, tools);
    },
    async clean(value) {
      const { findings, complete } = await find(value);
      return complete ? maskSensitive(value, findings) : "[too much to be looked through]";
    },
    [Symbol.dispose]: () => backlog[Symbol.dispose](),
  };
}

/** Policies by the entry of a server, worked out once for each snapshot. */
function createPolicies(config: () => Config): (server: ServerConfig | undefined) => CallPolicy {
  let of: Config | undefined;
  let known = new Map<ServerConfig | undefined, CallPolicy>();
  return (server) => {
    const now = config();
    if (now !== of) known = new Map();
    of = now;
    const policy = known.get(server) ?? toCallPolicy(now, server);
    known.set(server, policy);
    return policy;
  };
}

/** Characters of a value's texts, as far as it takes to know that they are many. */
function sizeOf(value: unknown, left = AT_ONCE + 1): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  let size = 1;
  for (const [key, member] of Object.entries(value)) {
    size += key.length + sizeOf(member, left - size);
    if (size > left) break;
  }
  return size;
}
