/** Ends a text as a sentence, so that another may follow; one that asks stays a question. Pure. */
export function toSentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}
