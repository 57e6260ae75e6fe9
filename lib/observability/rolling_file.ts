import { type AppendFile, type Files, isAscii } from "../platform/mod.ts";

const MODE = 0o600;
const encoder = new TextEncoder();

/** How a rolling file is to be kept. */
export interface RollingFileOptions {
  readonly files: Files;
  readonly path: string;
  readonly maxSizeBytes: number;
  readonly maxBackups: number;
  /** Hears of each renaming. */
  readonly onRoll?: () => void;
  /** Hears once of each stretch of failed writes. */
  readonly onFailure: (error: unknown, path: string) => void;
  /** Writes the line that stands for lines that were lost. */
  readonly toLossLine: (lost: number) => string;
}

/**
 * A file of lines that is renamed when it gets too big. A line is on its way
 * to the disk when `write` returns. A full disk loses lines, never the caller:
 * they are counted, and the count is written once there is room again.
 */
export class RollingFile {
  readonly #options: RollingFileOptions;
  #file: AppendFile | undefined;
  #sizeBytes = 0;
  #lost = 0;

  constructor(options: RollingFileOptions) {
    this.#options = options;
  }

  /** Appends lines, at once and to the same file; opens the file if it is closed. */
  write(...lines: readonly string[]): void {
    try {
      if (this.#lost > 0) this.#append(`\n${this.#options.toLossLine(this.#lost)}\n`);
      this.#lost = 0;
      this.#append(`${lines.join("\n")}\n`);
    } catch (error) {
      this.close();
      if (this.#lost === 0) this.#options.onFailure(error, this.#options.path);
      this.#lost += lines.length;
    }
  }

  /** Closes the file until the next write. */
  close(): void {
    this.#file?.[Symbol.dispose]();
    this.#file = undefined;
  }

  #append(text: string): void {
    // Nearly all lines are ASCII, and need not be encoded twice.
    const sizeBytes = isAscii(text) ? text.length : encoder.encode(text).length;
    this.#open();
    if (this.#sizeBytes > 0 && this.#sizeBytes + sizeBytes > this.#options.maxSizeBytes) this.#roll();
    this.#open().write(text);
    this.#sizeBytes += sizeBytes;
  }

  #open(): AppendFile {
    if (this.#file !== undefined) return this.#file;
    this.#file = this.#options.files.openAppend(this.#options.path, MODE);
    this.#sizeBytes = this.#file.sizeBytes;
    return this.#file;
  }

  #roll(): void {
    this.close();
    this.#options.files.rotate(this.#options.path, this.#options.maxBackups);
    this.#options.onRoll?.();
  }
}
