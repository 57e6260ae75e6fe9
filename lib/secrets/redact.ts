/** Keeps known secrets out of texts. */
export interface Redactor {
  /** Learns a secret; texts shorter than 6 characters would hide ordinary words and are not taken. */
  add(secret: string): Disposable;
  redact(text: string): string;
}

const HIDDEN = "***REDACTED***";
const MIN_LENGTH = 6;

/** Shapes of well-known credentials. Each has a fixed start and one bounded class, so none can backtrack. */
const SHAPES: readonly RegExp[] = [
  /\bBearer [A-Za-z0-9._~+/=-]{8,4096}/gi,
  /\bmcp_agt_[A-Za-z0-9]{8,256}/g,
  /\bgh[opsur]_[A-Za-z0-9]{20,255}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,255}/g,
  /\bsk-[A-Za-z0-9_-]{20,255}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,255}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\beyJ[A-Za-z0-9_-]{10,4096}\.[A-Za-z0-9_-]{10,8192}\.[A-Za-z0-9_-]{4,1024}/g,
];

/** Creates a redactor that knows the common shapes of credentials and whatever it is told. */
export function createRedactor(): Redactor {
  const known = new Map<string, number>();
  return {
    add(secret) {
      if (secret.length < MIN_LENGTH) return { [Symbol.dispose]() {} };
      known.set(secret, (known.get(secret) ?? 0) + 1);
      let held = true;
      return {
        [Symbol.dispose]() {
          const count = known.get(secret) ?? 0;
          if (held && count > 1) known.set(secret, count - 1);
          else if (held) known.delete(secret);
          held = false;
        },
      };
    },
    redact(text) {
      let clean = text;
      // The longest first: one secret may be part of another.
      for (const secret of [...known.keys()].sort((a, b) => b.length - a.length)) {
        if (clean.includes(secret)) clean = clean.replaceAll(secret, HIDDEN);
      }
      for (const shape of SHAPES) clean = clean.replace(shape, HIDDEN);
      return clean;
    },
  };
}
