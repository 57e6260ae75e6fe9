/**
 * What in the text of a result speaks to the model that reads it. Definitions
 * have a grammar of their own, which does for results too; here is what only a
 * result can pretend to be: an error with a way out, a person, the next task.
 *
 * @module
 */

/** One trick in a text. */
export interface ResultMark {
  readonly rule: "result.false-turn" | "result.next-tool" | "result.new-task" | "result.told-agent";
  readonly message: string;
  readonly weight: number;
  /** Where it begins, in UTF-16 units. */
  readonly at: number;
}

/** Texts are looked at so far; every pattern takes linear time. */
export const MAX_RESULT_TEXT = 64 * 1024;

/** A line that is put into somebody's mouth, and speaks to somebody. */
const TURN =
  /(?:^|\n)[ \t>*_#-]{0,4}\[?(?:user|human|assistant|system|developer)\]?[ \t*_]{0,3}[:\]]?[ \t*_]{0,3}([^\n]{0,80})/gi;
const SPEAKS =
  /\b(?:please|now|i|i'm|my|me|you|your|actually|forget|instead|great|thanks|send|delete|post|transfer|ignore)\b/i;
const AWAY =
  /\b(?:forget|disregard|ignore|drop|abandon|cancel)\b[^\n.!?]{0,40}\b(?:task|tasks|request|requests|question|instruction|instructions|goal)\b|\bchanged? my mind\b/gi;
const AGENT =
  /\b(?:ai|agent|agents|assistant|assistants|llm|model|models)\b[^\n.!?:]{0,40}\b(?:should|must|shall|needs? to|has to|have to|is required to|are required to|will now)\b/gi;

/** Why somebody should do something: an error, or an end that is not reached yet. */
const REASON =
  /\b(?:errors?|fail(?:s|ed|ure)?|denied|unable|cannot|can't|expired|missing|insufficient|incomplete|deprecated|truncated|too long|must|need(?:s|ed)? to|ha(?:s|ve) to|required|please|to (?:continue|proceed|complete|finish|get|see|fix|resolve|verify|obtain|unlock))\b/gi;
const ACT = /\b(?:call|use|invoke|run|execute|trigger|set|grant|disable|fetch|visit|open)\b/gi;
/** The name of a tool, a call of one, or the word for it. */
const TOOL = /\b(?:tools?|functions?|[a-z]+(?:_[a-z0-9]+)+|[a-z_]+\()/gi;
const NEAR = { reason: 160, tool: 60 };

/** Finds what in a text speaks to a model; pure, and linear in the text. */
export function findInResult(text: string): ResultMark[] {
  const looked = text.length > MAX_RESULT_TEXT ? text.slice(0, MAX_RESULT_TEXT) : text;
  const marks = [
    ...falseTurns(looked),
    ...first(looked, AWAY, { rule: "result.new-task", message: "Turns its reader to another task" }),
    ...first(looked, AGENT, { rule: "result.told-agent", message: "Tells agents what they should do" }),
    ...nextTool(looked),
  ];
  return marks.sort((a, b) => a.at - b.at);
}

function first(text: string, pattern: RegExp, what: Pick<ResultMark, "rule" | "message">): ResultMark[] {
  const at = text.search(pattern);
  return at < 0 ? [] : [{ ...what, weight: 2, at }];
}

function falseTurns(text: string): ResultMark[] {
  for (const { 0: line, 1: said = "", index } of text.matchAll(TURN)) {
    if (!/[:\]]/.test(line.slice(0, line.length - said.length)) || !SPEAKS.test(said)) continue;
    return [{
      rule: "result.false-turn",
      message: "Pretends that somebody else speaks",
      weight: 2,
      at: index,
    }];
  }
  return [];
}

/** An order to use a tool, with the name of one, for a reason that the result itself has given. */
function nextTool(text: string): ResultMark[] {
  const [reasons, acts, tools] = [REASON, ACT, TOOL].map((pattern) => placesOf(text, pattern));
  for (const act of acts ?? []) {
    const hasReason = hasBetween(reasons ?? [], act - NEAR.reason, act);
    if (!hasReason || !hasBetween(tools ?? [], act + 1, act + NEAR.tool)) continue;
    return [{ rule: "result.next-tool", message: "Orders the use of a tool", weight: 2, at: act }];
  }
  return [];
}

function placesOf(text: string, pattern: RegExp): number[] {
  return Array.from(text.matchAll(pattern), ({ index }) => index);
}

/** Tells whether one of ascending places lies in a stretch. */
function hasBetween(places: readonly number[], from: number, to: number): boolean {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  const place = places[low];
  return place !== undefined && place < to;
}
