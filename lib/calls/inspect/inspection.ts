import { GatewayError, type ToolDefinition, toToolId } from "../../contracts/mod.ts";
import {
  maskSensitive,
  type SensitiveFinding,
  type SensitiveReport,
  spotlight,
  stripCharacters,
} from "../../security/mod.ts";
import { UpstreamRpcError } from "../../upstream/mod.ts";
import type { CallPolicy } from "./call_policy.ts";
import { type Findings, isAtLeast, namesOf, type Place } from "./findings.ts";
import { isChecked, outputProblem } from "./output_check.ts";
import type { ScanResult } from "./result_scan.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What is inspected. */
export interface Subject {
  readonly server: string;
  /** Name of the tool, or the method of any other request. */
  readonly tool: string;
  readonly requestId: string;
}

/** One call or request under inspection. */
export interface Inspection {
  /**
   * Looks at the arguments on their way to the server.
   *
   * @returns Those that are sent: the same, or with secrets replaced.
   * @throws {GatewayError} MCPX_SENSITIVE_DATA — the policy keeps them back.
   */
  arguments<T extends Fields>(args: T): T | Promise<T>;
  /**
   * Looks at a result on its way to the client.
   *
   * @param definition The tool's; absent for other requests.
   * @returns What is passed on: the same object, or a changed copy.
   * @throws {GatewayError} MCPX_SENSITIVE_DATA or MCPX_OUTPUT_INVALID — the policy keeps it back.
   */
  result<T extends Fields>(result: T, definition?: ToolDefinition): T | Promise<T>;
  /** Looks at the server's own error; gives the one to be passed on. */
  error(error: UpstreamRpcError): UpstreamRpcError | Promise<UpstreamRpcError>;
  /** The call is over: whatever may be looked at later is looked at from now on. */
  finish(): void;
  /** Resolves to what was found, soon after the call is over. */
  report(): Promise<Findings>;
}

/** What an inspection works with. */
export interface InspectionTools {
  /** Finds secrets, in pieces if there is much. */
  find(value: unknown): SensitiveReport | Promise<SensitiveReport>;
  mark(): string;
  /** Looks for orders to the model; nothing is found when absent. */
  readonly scan?: ScanResult;
  /** Takes work that may wait until the answer is sent; `false` if too much waits already. */
  later(work: () => Promise<void>, weight: number): boolean;
  /** All is known; called once, if anything was found. */
  tell(subject: Subject, findings: Findings): void;
}

/** Begins to inspect a call. */
export function createInspection(subject: Subject, policy: CallPolicy, tools: InspectionTools): Inspection {
  return new OneInspection(subject, policy, tools);
}

/** The error that may be passed on in place of a server's own; any other error stays. */
export async function inspectedError(thrown: unknown, inspection: Inspection | undefined): Promise<unknown> {
  if (inspection === undefined || !(thrown instanceof UpstreamRpcError)) return thrown;
  try {
    return await inspection.error(thrown);
  } catch (kept) {
    return kept;
  }
}

class OneInspection implements Inspection {
  readonly #subject: Subject;
  readonly #policy: CallPolicy;
  readonly #tools: InspectionTools;
  readonly #found: { -readonly [name in keyof Findings]: Findings[name] } = {};
  readonly #waiting: (() => Promise<void>)[] = [];
  #report: PromiseWithResolvers<Findings> | undefined;
  #isTold = false;
  #weight = 0;

  constructor(subject: Subject, policy: CallPolicy, tools: InspectionTools) {
    this.#subject = subject;
    this.#policy = policy;
    this.#tools = tools;
  }

  arguments<T extends Fields>(args: T): T | Promise<T> {
    const { requests } = this.#policy;
    if (requests === "off") return args;
    if (requests === "annotate") return this.#lookLater(args, "arguments");
    return this.#guard(args, "arguments");
  }

  result<T extends Fields>(result: T, definition?: ToolDefinition): T | Promise<T> {
    const { output, responses, scan } = this.#policy;
    if (scan) this.#scanLater(result);
    const isToCheck = isChecked(result, definition, output);
    if (isToCheck && output.mode === "warn" && definition !== undefined) {
      this.#waiting.push(() => this.#check(result, definition));
    }
    const isStrict = isToCheck && output.mode === "strict";
    if (isStrict || responses === "mask" || responses === "block") {
      return this.#sift(result, definition, isStrict);
    }
    if (responses === "annotate") this.#lookLater(result, "response");
    return this.#dress(result, definition);
  }

  async error(error: UpstreamRpcError): Promise<UpstreamRpcError> {
    const { responses } = this.#policy;
    const said = { message: error.message, data: error.data };
    if (this.#policy.scan) this.#scanLater(said);
    if (responses === "annotate") this.#lookLater(said, "response");
    if (responses !== "mask" && responses !== "block") return error;
    const { message, data } = await this.#guard(said, "response");
    return message === error.message && data === error.data
      ? error
      : new UpstreamRpcError(error.code, message, data);
  }

  finish(): void {
    if (this.#isTold) return;
    if (this.#waiting.length === 0) return this.#tell();
    const isTaken = this.#tools.later(async () => {
      try {
        for (const work of this.#waiting) await work();
      } finally {
        this.#tell();
      }
    }, this.#weight);
    if (isTaken) return;
    // So much waits that this one is not looked at, which its record says.
    this.#found.response ??= { findings: [], complete: false };
    this.#tell();
  }

  report(): Promise<Findings> {
    if (this.#isTold) return Promise.resolve(this.#found);
    this.#report ??= Promise.withResolvers<Findings>();
    return this.#report.promise;
  }

  #tell(): void {
    this.#isTold = true;
    const { arguments: sent, response, output, orders } = this.#found;
    const isFound = (report: SensitiveReport | undefined) =>
      report !== undefined && (report.findings.length > 0 || !report.complete);
    if (isFound(sent) || isFound(response) || output !== undefined || orders !== undefined) {
      this.#tools.tell(this.#subject, this.#found);
    }
    this.#report?.resolve(this.#found);
  }

  #scanLater(said: unknown): void {
    this.#weight += weightOf(said);
    this.#waiting.push(async () => void (this.#found.orders = await this.#tools.scan?.(said)));
  }

  #lookLater<T>(value: T, place: Place): T {
    this.#weight += weightOf(value);
    this.#waiting.push(async () => {
      const report = await this.#tools.find(value);
      this.#found[place] = report;
      if (report.findings.length === 0) return;
      this.#found.clean = { ...this.#found.clean, [place]: maskSensitive(value, report.findings) };
    });
    return value;
  }

  async #sift<T extends Fields>(
    result: T,
    definition: ToolDefinition | undefined,
    isStrict: boolean,
  ): Promise<T> {
    if (isStrict && definition !== undefined) {
      await this.#check(result, definition);
      if (this.#found.output !== undefined) throw this.#misfit(this.#found.output);
    }
    const { responses } = this.#policy;
    if (responses === "annotate") this.#lookLater(result, "response");
    const isGuarded = responses === "mask" || responses === "block";
    return this.#dress(isGuarded ? await this.#guard(result, "response") : result, definition);
  }

  async #check(result: Fields, definition: ToolDefinition): Promise<void> {
    this.#found.output = await outputProblem(result, definition, this.#policy.output);
  }

  /** Masks or refuses. What cannot be looked through whole is refused: nobody knows what it holds. */
  async #guard<T>(value: T, place: Place): Promise<T> {
    const report = await this.#tools.find(value);
    this.#found[place] = report;
    const { minSeverity, maxRedactions } = this.#policy;
    const action = place === "arguments" ? this.#policy.requests : this.#policy.responses;
    const bad = report.findings.filter((finding) => isAtLeast(finding, minSeverity));
    if (!report.complete) throw this.#kept(place, "it is too much to be looked through");
    if (bad.length === 0) return value;
    if (action === "block") throw this.#kept(place, `it holds ${namesOf(bad)}`, bad);
    if (bad.length > maxRedactions) throw this.#kept(place, `it holds ${bad.length} secrets`, bad);
    return maskSensitive(value, bad) as T; // only texts were changed, so the shape is the same
  }

  /** Changes of mere form. */
  #dress<T extends Fields>(result: T, definition: ToolDefinition | undefined): T {
    const { strip, spotlight: wanted } = this.#policy;
    // Only texts are changed, so the shape is the same.
    const clean = strip.length === 0 ? result : stripCharacters(result, strip) as T;
    const isTrusted = definition?.annotations?.openWorldHint === false;
    if (wanted === "off" || (wanted === "untrusted" && isTrusted)) return clean;
    return spotlight(clean, { source: this.#subject.server, mark: this.#tools.mark() });
  }

  #kept(place: Place, why: string, findings: readonly SensitiveFinding[] = []): GatewayError {
    const { server, tool } = this.#subject;
    const what = place === "arguments" ? "Cannot send the arguments of" : "Cannot give the result of";
    return new GatewayError("MCPX_SENSITIVE_DATA", `${what} "${toToolId(server, tool)}": ${why}`, {
      details: { server, tool, place, types: [...new Set(findings.map(({ kind }) => kind))].slice(0, 20) },
    });
  }

  #misfit(problem: string): GatewayError {
    const { server, tool } = this.#subject;
    return new GatewayError(
      "MCPX_OUTPUT_INVALID",
      `Cannot give the result of "${toToolId(server, tool)}": it does not fit the output schema, ${problem}`,
      { details: { server, tool } },
    );
  }
}

/** About how much of memory a result takes, from a look at its blocks only. */
function weightOf(value: unknown): number {
  if (typeof value !== "object" || value === null || !("content" in value)) return 1_000;
  if (!Array.isArray(value.content)) return 1_000;
  let weight = 1_000;
  for (const block of value.content) if (typeof block?.text === "string") weight += block.text.length;
  return "structuredContent" in value ? 2 * weight : weight;
}
