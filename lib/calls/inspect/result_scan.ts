import {
  findInResult,
  MAX_RESULT_TEXT,
  REVIEW_SCORE,
  type Scanner,
  type Verdict,
} from "../../security/mod.ts";

/** What in a result may be meant for the model rather than for whoever asked. */
export interface ResultScan {
  readonly verdict: Exclude<Verdict, "clean">;
  /** Without the text itself, which the record has. */
  readonly findings: readonly ResultFinding[];
  /** `false` if a part was not looked at. */
  readonly complete: boolean;
}

/** One thing found in a result. */
export interface ResultFinding {
  readonly rule: string;
  readonly message: string;
  /** JSON pointer into the result. */
  readonly location: string;
}

interface TextAt {
  readonly pointer: string;
  readonly text: string;
}

const MAX_TEXTS = 200;
const MAX_CHARS = 4 * MAX_RESULT_TEXT;
const MAX_DEPTH = 32;
const MAX_FINDINGS = 20;
/** So many results may wait for the scanner, which lists of tools wait for, too. */
const MAX_WAITING = 16;
/** Bytes, in Base64. */
const OPAQUE = new Set(["data", "blob"]);

/** Looks through the texts of results; `undefined` for one that nothing speaks from. */
export type ScanResult = (result: unknown) => Promise<ResultScan | undefined>;

/** Creates what looks through results, with the rules in force of a scanner. */
export function createResultScan(scanner: Pick<Scanner, "scan">): ScanResult {
  let waiting = 0;
  return async (result) => {
    const { texts, complete } = textsIn(result);
    const isTooMuch = waiting >= MAX_WAITING;
    if (texts.length === 0 && complete) return undefined;
    waiting++;
    try {
      return await scanTexts(isTooMuch ? undefined : scanner, texts, complete);
    } finally {
      waiting--;
    }
  };
}

async function scanTexts(
  scanner: Pick<Scanner, "scan"> | undefined,
  texts: readonly TextAt[],
  isWhole: boolean,
): Promise<ResultScan | undefined> {
  const subjects = texts.map(({ text }) => ({
    kind: "instructions" as const,
    definition: { text },
    isResult: true,
  }));
  const report = await scanner?.scan(subjects);
  const findings: ResultFinding[] = [];
  let isHeld = false;
  for (const [index, { pointer, text }] of texts.entries()) {
    const marks = findInResult(text);
    const known = report?.definitions[index];
    const score = (known?.score ?? 0) + marks.reduce((sum, { weight }) => sum + weight, 0);
    if (score < REVIEW_SCORE) continue;
    isHeld ||= known?.verdict === "hold";
    const found = [...marks, ...known?.findings ?? []];
    findings.push(...found.map(({ rule, message }) => ({ rule, message, location: pointer })));
  }
  const complete = isWhole && (report?.complete ?? false);
  if (findings.length === 0 && complete) return undefined;
  return { verdict: isHeld ? "hold" : "review", findings: findings.slice(0, MAX_FINDINGS), complete };
}

/** Every text of a value with where it stands, as far as that is not too much. Pure. */
export function textsIn(value: unknown): { readonly texts: readonly TextAt[]; readonly complete: boolean } {
  const texts: TextAt[] = [];
  let [chars, complete] = [0, true];
  const walk = (one: unknown, pointer: string, depth: number): void => {
    if (typeof one === "string") {
      if (!/[\p{L}\u{e0000}-\u{e007f}]{2}/u.test(one)) return;
      if (texts.length >= MAX_TEXTS || chars >= MAX_CHARS) return void (complete = false);
      for (let from = 0; from < one.length && chars < MAX_CHARS; from += MAX_RESULT_TEXT) {
        const text = one.slice(from, from + MAX_RESULT_TEXT);
        texts.push({ pointer, text });
        chars += text.length;
        if (chars >= MAX_CHARS && from + text.length < one.length) complete = false;
      }
      return;
    }
    if (typeof one !== "object" || one === null) return;
    if (depth > MAX_DEPTH) return void (complete = false);
    for (const [key, member] of Object.entries(one)) {
      if (!OPAQUE.has(key)) {
        walk(member, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, depth + 1);
      }
    }
  };
  walk(value, "", 0);
  return { texts, complete };
}
