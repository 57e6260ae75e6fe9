import type { Terminal } from "../terminal.ts";

/** Writes a yes-or-no question; no is the answer to an empty line. */
export function renderQuestion(question: string): string {
  return `${question} [y/N] `;
}

/** Reads an answer: `y` or `yes` in any case is a yes, everything else a no. */
export function isYes(answer: string | undefined): boolean {
  return /^\s*y(es)?\s*$/i.test(answer ?? "");
}

/** Asks on stderr, so that data on stdout stays clean, and waits for a line. */
export async function confirm(question: string, terminal: Terminal): Promise<boolean> {
  await terminal.stderr.write(renderQuestion(question));
  return isYes(await terminal.readLine());
}
