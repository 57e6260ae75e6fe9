/// <reference lib="dom" />
/**
 * Gives a person the time to see that a list has changed. A server chooses
 * when it changes what it offers: just before a click, say, so that the click
 * meets something that nobody has read.
 *
 * @module
 */

/** About the time in which somebody who is about to click can still stop. */
const SETTLE_MS = 700;

/** Knows whether a list has just changed. */
export interface Settling {
  /** Tells what is on the page now; the first time is no change. */
  shows(face: string): void;
  /** Whether what is clicked may not be what was meant. */
  isMoving(): boolean;
}

/** Watches over an element; while its list has just changed, the mouse meets no buttons in it. */
export function createSettling(element: HTMLElement): Settling {
  let shown: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    shows(face) {
      if (shown !== undefined && shown !== face) {
        element.classList.add("settling");
        clearTimeout(timer);
        timer = setTimeout(() => element.classList.remove("settling"), SETTLE_MS);
      }
      shown = face;
    },
    isMoving: () => element.classList.contains("settling"),
  };
}
