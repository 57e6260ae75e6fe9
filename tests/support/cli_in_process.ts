/**
 * The command line in the process of the test: everything is real but the
 * terminal, and that it takes no process of its own.
 *
 * @module
 */

import { main } from "../../cli/main.ts";
import type { Terminal } from "../../cli/terminal.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import type { CliResult } from "./daemon.ts";
import type { Workspace } from "./workspace.ts";

/** Runs one command in a workspace, whose directory is its home; nobody is there to answer a question. */
export async function runMain(
  workspace: Workspace,
  words: readonly string[],
  { stdin = "", env = {}, isTerminal = false }: {
    readonly stdin?: string;
    readonly env?: Readonly<Record<string, string>>;
    /** Both outputs go to a terminal of 120 columns. */
    readonly isTerminal?: boolean;
  } = {},
): Promise<CliResult> {
  const real = createDenoPlatform();
  const { directory } = workspace;
  const platform = {
    ...real,
    env: { PATH: real.env.PATH ?? "", HOME: directory, NO_COLOR: "1", ...env },
    machine: { ...real.machine, home: directory, cwd: directory },
  };
  const written = { stdout: "", stderr: "" };
  const place = ["--config", workspace.config, "--data-dir", workspace.dataDir];
  const code = await main([...place, ...words], platform, {
    terminal: createTerminal(written, { stdin, isTerminal }),
  });
  return { code, ...written };
}

function createTerminal(
  written: { stdout: string; stderr: string },
  { stdin, isTerminal }: { readonly stdin: string; readonly isTerminal: boolean },
): Terminal {
  const output = (key: "stdout" | "stderr") => ({
    isTerminal,
    width: () => isTerminal ? 120 : undefined,
    write: (text: string) => Promise.resolve(void (written[key] += text)),
  });
  return {
    stdout: output("stdout"),
    stderr: output("stderr"),
    isInteractive: false,
    readAll: () => Promise.resolve(stdin),
    async *readLines() {
      for (const line of stdin.split("\n")) yield await Promise.resolve(line);
    },
    readLine: () => Promise.resolve(undefined),
    readHidden: () => Promise.resolve(undefined),
    edit: () => Promise.resolve(0),
    onInterrupt: () => ({ [Symbol.dispose]() {} }),
  };
}
