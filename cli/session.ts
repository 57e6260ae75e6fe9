import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Management } from "../lib/contracts/mod.ts";
import type { Platform } from "../lib/platform/mod.ts";
import type { App } from "./app_door.ts";
import type { Interrupt } from "./interrupt.ts";
import { type Format, renderValue } from "./render/format.ts";
import { harmless, type Look } from "./render/text.ts";
import type { Output, Terminal } from "./terminal.ts";

/** Options that every command knows. */
export interface Globals {
  readonly config?: string;
  readonly dataDir?: string;
  readonly output?: string;
  readonly json?: boolean;
  readonly logLevel?: string;
  readonly version?: boolean;
  readonly helpJson?: boolean;
}

/** What a session is made of. */
export interface SessionParts {
  readonly platform: Platform;
  readonly terminal: Terminal;
  readonly interrupt: Interrupt;
  /** Everything after the program's name. */
  readonly argv: readonly string[];
  readonly globals: Globals;
  readonly format: Format;
  readonly openManagement: () => Promise<Management>;
  /** Reaches the daemon; `undefined` if none runs. */
  readonly openDaemon: () => Promise<Management | undefined>;
  readonly loadApp: () => Promise<App>;
  /** Makes the command of the whole program with every noun defined. */
  readonly loadProgram: (session: Session) => Promise<CommandUnknownOpts>;
}

/** One run of the program: what a command reads, where it writes, how it ends. */
export class Session implements AsyncDisposable {
  readonly platform: Platform;
  readonly terminal: Terminal;
  readonly argv: readonly string[];
  readonly globals: Globals;
  readonly format: Format;
  readonly loadApp: () => Promise<App>;
  /** Exit code of a command that did not throw. */
  exitCode = 0;
  readonly #interrupt: Interrupt;
  readonly #loadProgram: SessionParts["loadProgram"];
  readonly #openManagement: () => Promise<Management>;
  readonly #openDaemon: SessionParts["openDaemon"];
  #management: Promise<Management> | undefined;

  constructor(parts: SessionParts) {
    this.platform = parts.platform;
    this.terminal = parts.terminal;
    this.argv = parts.argv;
    this.globals = parts.globals;
    this.format = parts.format;
    this.loadApp = parts.loadApp;
    this.#interrupt = parts.interrupt;
    this.#loadProgram = parts.loadProgram;
    this.#openManagement = parts.openManagement;
    this.#openDaemon = parts.openDaemon;
  }

  /** Aborts at Ctrl-C. */
  get signal(): AbortSignal {
    return this.#interrupt.signal;
  }

  /** Reaches the daemon, or does its work here; opened once, closed with the session. */
  management(): Promise<Management> {
    this.#interrupt.arm();
    this.#management ??= this.#openManagement();
    return this.#management;
  }

  /** Reaches the daemon and nothing else; `undefined` if none runs. */
  async daemon(): Promise<Management | undefined> {
    this.#interrupt.arm();
    const found = await this.#openDaemon();
    if (found !== undefined) this.#management ??= Promise.resolve(found);
    return found;
  }

  /** Makes the command of the whole program, every noun loaded. */
  loadProgram(): Promise<CommandUnknownOpts> {
    return this.#loadProgram(this);
  }

  /** What renderers must know of stdout. */
  get look(): Look {
    return lookOf(this.terminal.stdout, this.platform.env);
  }

  /** Prints data: the value itself for programs, or what `render` makes of it for people. */
  async print(value: unknown, render: (look: Look) => string): Promise<void> {
    const { stdout } = this.terminal;
    const text = this.format === "table" ? render(this.look) : await renderValue(value, this.format);
    await stdout.write(stdout.isTerminal ? harmless(text) : text);
  }

  /** Tells a person something that is not data. */
  async note(text: string): Promise<void> {
    await this.terminal.stderr.write(`${harmless(text)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const management = await this.#management?.catch(() => undefined);
    await management?.[Symbol.asyncDispose]();
  }
}

/** Finds out how to write to an output; `NO_COLOR` and pipes get no colour. */
export function lookOf(output: Output, env: Readonly<Record<string, string>>): Look {
  return { width: output.width(), colour: output.isTerminal && (env.NO_COLOR ?? "") === "" };
}
