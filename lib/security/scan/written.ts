import type { CutText } from "./cut_text.ts";
import { type Occurrence, push } from "./lexicon.ts";
import { hasDeed, isDeed, isRiskyTool, isToolLike } from "./things.ts";

/** Adds what a word is by the way it is written: in marks, as a number, as a name of a program. */
export function addWritten(cut: CutText, found: Map<string, Occurrence[]>): void {
  for (let index = 0; index < cut.tokens.length; index++) {
    const token = cut.tokens[index];
    if (token === undefined) continue;
    const { word, quoted } = token;
    const isNumber = isDigit(word, 0);
    const isName = word.includes("_");
    if (!quoted && !isNumber && !isName) continue;
    const place = { first: index, last: index };
    if (quoted || isNumber) push(found, "literal", place);
    if (isName && isSecretVariable(cut, index)) push(found, "privy", place);
    const isTool = isName && isToolLike(word);
    if (!isTool && (quoted || isNumber && isDigit(word, 1))) push(found, "fixed", place);
    if (!isTool) continue;
    push(found, "toolname", place);
    if (isForeign(cut, index)) push(found, "foreign", place);
    if (isRiskyTool(word)) push(found, "riskytool", place);
    if (isOtherTool(cut, word)) push(found, "othertool", place);
  }
}

function isDigit(word: string, at: number): boolean {
  const code = word.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

/** The name of a deed that is not known here. */
function isOtherTool({ names }: CutText, word: string): boolean {
  return names?.has(word) !== true && hasDeed(word);
}

/** `GITHUB_TOKEN`, which is a variable for its capitals, and no parameter. */
function isSecretVariable({ tokens, original, folded }: CutText, index: number): boolean {
  const token = tokens[index];
  if (
    token === undefined || !token.word.includes("_") ||
    !/_(?:token|key|secret|password|passwd|pat|url|dsn)$/.test(token.word)
  ) {
    return false;
  }
  const written = original.slice(folded.originOf(token.from), folded.originOf(token.to));
  return written === written.toUpperCase();
}

const REFERRING = /^(?:in|to|of|for|on|when|whenever|if|all|every|any|each)$/;

/** "Handed to send_email": the name of a deed that neither its own server nor its own parameters have. */
function isForeign({ tokens, names }: CutText, index: number): boolean {
  const word = tokens[index]?.word ?? "";
  if (names === undefined || names.has(word) || !isDeed(word)) return false;
  return REFERRING.test(tokens[index - 1]?.word ?? "");
}
