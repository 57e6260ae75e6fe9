import { type Clock, startWorker } from "../../platform/mod.ts";
import { nameOfDefinition } from "../approval/definition.ts";
import type { DefinitionReport, ScanReport } from "./finding.ts";
import type { RuleSet } from "./rule_set.ts";
import { RULES_VERSION } from "./rules_version.ts";
import type { ScanSubject } from "./scan_subject.ts";
import type { ScanReply, ScanRequest } from "./scan_worker.ts";
import type { PeerTool } from "./shadowing.ts";

/** What a scanner needs of a worker; a test passes its own. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent<ScanReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(request: ScanRequest): void;
  terminate(): void;
}

/** How a scanner is opened. */
export interface ScannerOptions {
  readonly clock: Clock;
  /** Longest time for one scan. Default 10,000. */
  readonly deadlineMs?: number;
  /** Starts a worker; throws, or lets the worker fail, where there are none. */
  readonly startWorker?: () => WorkerLike;
}

/** Scans away from the main loop. */
export interface Scanner extends AsyncDisposable {
  /** Version of the rules in force. */
  readonly rules: string;
  /**
   * Scans definitions, one scan after another. Never rejects: what could not be
   * scanned in time is reported as incomplete, which no rule takes for clean.
   */
  scan(subjects: readonly ScanSubject[], peers?: readonly PeerTool[]): Promise<ScanReport>;
  /**
   * Puts a rule bundle in force for later scans; `undefined` for the own rules alone.
   *
   * @throws {GatewayError} MCPX_RULES_INVALID — the rules in force stay.
   */
  useBundle(text: string | undefined): Promise<void>;
}

const DEADLINE_MS = 10_000;
/** A worker that has had nothing to scan for so long is ended; its rules take much memory. */
const IDLE_MS = 60_000;
/** Definitions scanned at a time where there is no worker. */
const SLICE = 10;
/** Definitions copied to the worker in one message. */
const HANDED = 20;
/** How long copying may keep the main loop before others get a turn. */
const TURN_MS = 3;

interface Handing {
  readonly id: number;
  readonly subjects: readonly ScanSubject[];
  readonly peers: readonly PeerTool[];
  /** Whether nobody waits for it any more. */
  readonly isOver: () => boolean;
}

/** Opens a scanner. Its worker starts with the first scan. */
export function openScanner(options: ScannerOptions): Scanner {
  return new WorkerScanner(options);
}

function startOwnWorker(): WorkerLike {
  return startWorker("security/scan/scan_worker");
}

class WorkerScanner implements Scanner {
  readonly #clock: Clock;
  readonly #deadlineMs: number;
  readonly #startWorker: () => WorkerLike;
  #rules = RULES_VERSION;
  /** Only where they are needed here. */
  #rulesHere: RuleSet | undefined;
  #bundle: string | undefined;
  #worker: WorkerLike | undefined;
  #isWorkerless = false;
  #isClosed = false;
  #next = 1;
  #last: Promise<unknown> = Promise.resolve();

  constructor({ clock, deadlineMs = DEADLINE_MS, startWorker = startOwnWorker }: ScannerOptions) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
    this.#startWorker = startWorker;
  }

  get rules(): string {
    return this.#rules;
  }

  async useBundle(text: string | undefined): Promise<void> {
    const rules = text === undefined ? undefined : await rulesOf(text);
    this.#rules = rules?.version ?? RULES_VERSION;
    this.#rulesHere = rules;
    this.#bundle = text;
  }

  scan(subjects: readonly ScanSubject[], peers: readonly PeerTool[] = []): Promise<ScanReport> {
    const turn = this.#last.then(() => this.#scanNow(subjects, peers));
    this.#last = turn;
    return turn;
  }

  async #scanNow(subjects: readonly ScanSubject[], peers: readonly PeerTool[]): Promise<ScanReport> {
    if (this.#isClosed) return notScanned(subjects, this.#rules);
    if (!this.#isWorkerless) {
      this.#idle?.[Symbol.dispose]();
      const outcome = await this.#ask(subjects, peers);
      if (this.#worker !== undefined) this.#idle = this.#clock.after(IDLE_MS, () => this.#stop());
      if (outcome !== undefined) return outcome === "late" ? notScanned(subjects, this.#rules) : outcome;
      this.#isWorkerless = true;
    }
    return await this.#scanHere(subjects, peers);
  }

  /** Asks the worker; `undefined` if it cannot be started, as in a program that is one file. */
  #ask(
    subjects: readonly ScanSubject[],
    peers: readonly PeerTool[],
  ): Promise<ScanReport | "late" | undefined> {
    const worker = this.#open();
    if (worker === undefined) return Promise.resolve(undefined);
    const id = this.#next++;
    const bundle = this.#bundle;
    return new Promise((resolve) => {
      const found: DefinitionReport[] = [];
      let isOver = false;
      const settle = (outcome: ScanReport | "late" | undefined, isWorkerLost: boolean) => {
        isOver = true;
        timer[Symbol.dispose]();
        worker.onmessage = null;
        worker.onerror = null;
        if (isWorkerLost) this.#stop();
        resolve(outcome);
      };
      const timer = this.#clock.after(this.#deadlineMs, () => settle("late", true));
      let isReady = this.#isReady;
      worker.onmessage = ({ data }) => {
        if (data.kind === "ready") isReady = this.#isReady = true;
        else if (data.id !== id) return;
        else if (data.kind === "some") { for (const one of data.definitions) found.push(one); }
        else settle(data.kind === "done" ? { ...data.report, definitions: found } : "late", false);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        // One that has worked before was brought down by what it was given.
        settle(isReady ? "late" : undefined, true);
      };
      this.#hand(worker, { id, subjects, peers, isOver: () => isOver }).then(
        () => isOver || worker.postMessage({ kind: "scan", id, ...(bundle === undefined ? {} : { bundle }) }),
        // What cannot be copied to a worker cannot be scanned.
        () => isOver || settle("late", true),
      );
    });
  }

  /** Copies a list to the worker, a few definitions at a time, so that the main loop gets its turns. */
  async #hand(worker: WorkerLike, { id, subjects, peers, isOver }: Handing): Promise<void> {
    let turn = this.#clock.monotonic();
    const most = Math.max(subjects.length, peers.length);
    for (let at = 0; at < most; at += HANDED) {
      if (this.#clock.monotonic() - turn > TURN_MS) {
        await new Promise<void>((resolve) => void this.#clock.after(0, resolve));
        turn = this.#clock.monotonic();
      }
      if (isOver()) return;
      worker.postMessage({
        kind: "piece",
        id,
        subjects: subjects.slice(at, at + HANDED),
        peers: peers.slice(at, at + HANDED),
      });
    }
  }

  #isReady = false;
  #idle: Disposable | undefined;

  #open(): WorkerLike | undefined {
    try {
      this.#worker ??= this.#startWorker();
      return this.#worker;
    } catch {
      return undefined;
    }
  }

  #stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isReady = false;
  }

  /** Without a worker: in slices, so that the main loop gets its turns. */
  async #scanHere(subjects: readonly ScanSubject[], peers: readonly PeerTool[]): Promise<ScanReport> {
    const { scanAll, toPeer } = await import("../engine.ts");
    const rules = this.#rulesHere ??= await rulesOf(this.#bundle);
    const end = this.#clock.monotonic() + this.#deadlineMs;
    const isOver = () => this.#clock.monotonic() > end;
    const all = [...subjects.flatMap(toPeer), ...peers];
    const reports: ScanReport[] = [];
    for (let at = 0; at < subjects.length; at += SLICE) {
      reports.push(scanAll(subjects.slice(at, at + SLICE), rules, { peers: all, isOver }));
      await new Promise<void>((resolve) => void this.#clock.after(0, resolve));
    }
    return join(reports, rules.version);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    this.#idle?.[Symbol.dispose]();
    this.#stop();
  }
}

/** The own rules, with those of a bundle if there is one. */
async function rulesOf(bundle: string | undefined): Promise<RuleSet> {
  const { createRuleSet, loadBundle } = await import("../engine.ts");
  return bundle === undefined ? createRuleSet() : await loadBundle(bundle);
}

function join(reports: readonly ScanReport[], rules: string): ScanReport {
  const definitions = reports.flatMap((report) => report.definitions);
  const verdicts = new Set(definitions.map(({ verdict }) => verdict));
  return {
    rules,
    verdict: verdicts.has("hold") ? "hold" : verdicts.has("review") ? "review" : "clean",
    complete: definitions.every(({ complete }) => complete),
    definitions,
  };
}

/** A report that says of everything that nobody has looked at it. */
function notScanned(subjects: readonly ScanSubject[], rules: string): ScanReport {
  const definitions = subjects.map(({ kind, server, definition }) => ({
    kind,
    name: nameOfDefinition(kind, definition) ?? "",
    ...(server === undefined ? {} : { server }),
    verdict: "review" as const,
    score: 0,
    complete: false,
    findings: [],
  }));
  const isEmpty = definitions.length === 0;
  return { rules, verdict: isEmpty ? "clean" : "review", complete: isEmpty, definitions };
}
