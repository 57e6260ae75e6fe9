/** What a code means to each surface. */
export interface ErrorKind {
  /** HTTP status of a REST answer. */
  readonly status: number;
  /** Process exit code of a CLI command. */
  readonly exit: number;
  /** One sentence: what has happened. */
  readonly cause: string;
  /** What a person can type or change, used when the throw site has nothing better. */
  readonly remedy: string;
}

/** Writes one line of the table. */
export function kind(status: number, exit: number, cause: string, remedy: string): ErrorKind {
  return { status, exit, cause, remedy };
}
