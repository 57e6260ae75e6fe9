/**
 * The command line: argv → exit code.
 *
 * @module
 */

import type { Management } from "../lib/contracts/mod.ts";
import { createDenoPlatform, type Platform } from "../lib/platform/mod.ts";
import { type App, loadApp } from "./app_door.ts";
import { checkLogLevel, chooseFormat, guessFormat } from "./global_options.ts";
import { dispatch } from "./dispatch.ts";
import { createInterrupt, type Interrupt } from "./interrupt.ts";
import { createProgram, defineNouns, readGlobals } from "./program.ts";
import type { Format } from "./render/format.ts";
import { type Globals, Session } from "./session.ts";
import { createDenoTerminal, type Terminal } from "./terminal.ts";

/** What a test puts in place of the outer world. */
export interface MainOptions {
  readonly terminal?: Terminal;
  readonly openManagement?: () => Promise<Management>;
  readonly loadApp?: () => Promise<App>;
}

/** Exit code of a command ended by Ctrl-C. */
const INTERRUPTED = 130;

/**
 * Runs one command.
 *
 * @param argv Words after the program's name.
 * @returns Exit code: 0 done, 2 wrong usage, 130 Ctrl-C, else that of the error's code.
 */
export async function main(
  argv: readonly string[],
  platform: Platform,
  options: MainOptions = {},
): Promise<number> {
  const terminal = options.terminal ?? createDenoTerminal();
  using interrupt = createInterrupt(terminal, platform.clock);
  const command = runCommand(argv, { ...options, platform, terminal, interrupt });
  try {
    const code = await Promise.race([command, interrupt.givenUp]);
    // A command that is not waited for cannot end the servers that it started.
    if (code === undefined) platform.processes.killAll();
    return code === undefined || interrupt.signal.aborted ? INTERRUPTED : code;
  } catch (error) {
    // The reader of a pipe, such as `head`, has what it wanted.
    if (error instanceof Deno.errors.BrokenPipe) return 0;
    throw error;
  }
}

interface World extends MainOptions {
  readonly platform: Platform;
  readonly terminal: Terminal;
  readonly interrupt: Interrupt;
}

/** Runs one command and reports its failure; a broken pipe is thrown. */
async function runCommand(argv: readonly string[], world: World): Promise<number> {
  const { platform, terminal, interrupt } = world;
  const { program, printed } = createProgram(terminal.stdout.width());
  let format = guessFormat(argv, platform.env);
  let words: readonly string[] = [];
  try {
    const { globals, operands, rest } = readGlobals(program, argv);
    words = operands;
    format = await chooseFormat(globals, platform.env, operands);
    await checkLogLevel(globals);
    await using session = openSession(argv, world, { globals, format });
    await dispatch(program, session, { operands, rest });
    return session.exitCode;
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) throw error;
    if (interrupt.signal.aborted) return INTERRUPTED;
    const { reportFailure } = await import("./failure.ts");
    return await reportFailure(error, { argv, words, program, format, terminal, platform });
  } finally {
    await terminal.stderr.write(printed.err);
    await terminal.stdout.write(printed.out);
  }
}

function openSession(
  argv: readonly string[],
  world: World,
  { globals, format }: { globals: Globals; format: Format },
): Session {
  const { platform, terminal, interrupt } = world;
  const load = world.loadApp ?? loadApp;
  const open = world.openManagement ?? (async () => {
    const { openManagement } = await import("./open_management.ts");
    return await openManagement({ platform, globals, loadApp: load });
  });
  return new Session({
    platform,
    terminal,
    interrupt,
    argv,
    globals,
    format,
    openManagement: open,
    async openDaemon() {
      if (world.openManagement === undefined) {
        const { openDaemon } = await import("./open_management.ts");
        return await openDaemon(platform, globals);
      }
      const management = await world.openManagement();
      return management.kind === "remote" ? management : undefined;
    },
    loadApp: load,
    async loadProgram(session) {
      const { program } = createProgram(undefined);
      await defineNouns(program, session);
      return program;
    },
  });
}

if (import.meta.main) {
  // Exits at once: everything of the command is closed, and nothing else may keep the process.
  Deno.exit(await main(Deno.args, createDenoPlatform()));
}
