import { replaceShapes } from "./shapes.ts";

/** Keeps known secrets out of texts. */
export interface Redactor {
  /** Learns a secret; texts shorter than 6 characters would hide ordinary words and are not taken. */
  add(secret: string): Disposable;
  redact(text: string): string;
}

const HIDDEN = "***REDACTED***";
const MIN_LENGTH = 6;
/** Shorter lines of a longer secret are brackets and ordinary words. */
const MIN_LINE = 16;

/**
 * Creates a redactor that knows the common shapes of credentials and whatever
 * it is told, also as it stands in URLs, in JSON and line by line.
 *
 * A secret added twice is known until both were disposed.
 */
export function createRedactor(): Redactor {
  const known = new Map<string, number>();
  /** The longest first, because one secret may be part of another; made again after each change. */
  let ordered: readonly string[] | undefined;

  function learn(secret: string): void {
    known.set(secret, (known.get(secret) ?? 0) + 1);
    ordered = undefined;
  }

  function forget(secret: string): void {
    const count = known.get(secret) ?? 0;
    if (count > 1) known.set(secret, count - 1);
    else known.delete(secret);
    ordered = undefined;
  }

  return {
    add(secret) {
      let held = secret.length < MIN_LENGTH ? [] : formsOf(secret);
      held.forEach(learn);
      return {
        [Symbol.dispose]() {
          held.forEach(forget);
          held = [];
        },
      };
    },
    redact(text) {
      ordered ??= [...known.keys()].sort((a, b) => b.length - a.length);
      const clean = ordered.reduce(
        (rest, secret) => (rest.includes(secret) ? rest.replaceAll(secret, HIDDEN) : rest),
        text,
      );
      return replaceShapes(clean, () => HIDDEN);
    },
  };
}

/** A secret also comes by as part of a URL or of a JSON text, and a key file line by line. */
function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim()).filter((line) => line.length >= MIN_LINE);
  return [
    ...new Set([
      secret,
      encodeURIComponent(secret.toWellFormed()),
      JSON.stringify(secret).slice(1, -1),
      ...lines,
    ]),
  ];
}
