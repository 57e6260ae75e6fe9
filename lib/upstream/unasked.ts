import { idOfCut } from "./cut_message.ts";

/** A message longer than this is looked at before it is read: reading it keeps everybody else waiting. */
export const LONG_BYTES = 1024 * 1024;

/** Length of each end of a long message that is looked at. */
export const END_LENGTH = 1_024;

const METHOD = /^\s*\{[^{}[\]]{0,200}"method"\s*:/;
const ID = /"id"\s*:\s*(?:"[^"]{0,200}"|-?\d{1,20})\s*[,}]/;

/**
 * Tells by its two ends whether a long message is one that nobody waits for: an
 * answer to no request, or a notification, which has no business to be so long.
 * A request of the server is waited for by the server.
 *
 * What cannot be made out counts as waited for as long as anything is. Pure.
 *
 * @param isAwaited Whether a request is in flight; without an id, whether any is.
 */
export function isUnasked(
  head: string,
  tail: string,
  isAwaited: (id: number | undefined) => boolean,
): boolean {
  const id = idOfCut(head, tail);
  if (id !== undefined) return !isAwaited(id);
  if (!METHOD.test(head)) return !isAwaited(undefined);
  return !ID.test(head) && !ID.test(tail.slice(-300));
}

/** The same for a text, which may be a short one. Pure. */
export function isUnaskedText(text: string, isAwaited: (id: number | undefined) => boolean): boolean {
  if (text.length <= LONG_BYTES) return false;
  return isUnasked(text.slice(0, END_LENGTH), text.slice(-END_LENGTH), isAwaited);
}
