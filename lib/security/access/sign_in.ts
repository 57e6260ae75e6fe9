import { createHash } from "node:crypto";
import type { Platform } from "../../platform/mod.ts";

/** A code with which a browser signs in once. */
export interface SignInCode {
  readonly code: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** How people sign in to the web page: a code from the command line becomes a session of their browser. */
export interface SignIn {
  /** Makes a code that is good once and for 60 s. */
  issue(): SignInCode;
  /** Takes a code. @returns The session, `undefined` if the code is unknown, used or too old. */
  redeem(code: string): string | undefined;
  /** Tells whether a session is there. */
  isSession(session: string): boolean;
  end(session: string): void;
  /** Ends every session and forgets every code. @returns How many sessions there were. */
  endAll(): number;
}

const CODE_LIFE_MS = 60_000;
/** Sessions end with the daemon, or after this. */
export const SESSION_LIFE_MS = 12 * 3_600_000;
const MAX_CODES = 20;
const MAX_SESSIONS = 100;

/** Creates the sign-in; codes and sessions are known by their hash only, and forgotten with the process. */
export function createSignIn({ clock, random }: Pick<Platform, "clock" | "random">): SignIn {
  const codes = new Map<string, number>();
  const sessions = new Map<string, number>();

  function add(to: Map<string, number>, lifeMs: number, most: number): SignInCode {
    const code = Array.from(random.bytes(32), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const oldest = to.size >= most ? to.keys().next().value : undefined;
    if (oldest !== undefined) to.delete(oldest);
    const expiresAt = clock.now() + lifeMs;
    to.set(hash(code), expiresAt);
    return { code, expiresAt };
  }

  function isThere(among: Map<string, number>, text: string): boolean {
    const key = hash(text);
    const expiresAt = among.get(key);
    if (expiresAt === undefined) return false;
    if (clock.now() < expiresAt) return true;
    among.delete(key);
    return false;
  }

  return {
    issue: () => add(codes, CODE_LIFE_MS, MAX_CODES),
    redeem(code) {
      if (!isThere(codes, code)) return undefined;
      codes.delete(hash(code));
      return add(sessions, SESSION_LIFE_MS, MAX_SESSIONS).code;
    },
    isSession: (session) => isThere(sessions, session),
    end: (session) => void sessions.delete(hash(session)),
    endAll() {
      const { size } = sessions;
      sessions.clear();
      codes.clear();
      return size;
    },
  };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
