/// <reference lib="dom" />
/**
 * Times as a person reads them.
 *
 * @module
 */

import { make } from "./dom.ts";

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const absolute = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const REFRESH_MS = 10_000;

/** Says how long ago a moment is, or how far ahead; moments are epoch milliseconds. */
export function toAge(at: number, now: number): string {
  const distance = at - now;
  for (const [unit, size] of UNITS) {
    if (Math.abs(distance) >= size) return relative.format(Math.trunc(distance / size), unit);
  }
  return "now";
}

/** Shows a moment as its age, and in full to whoever points at it. */
export function age(iso: string | undefined): HTMLElement | undefined {
  if (iso === undefined || Number.isNaN(Date.parse(iso))) return undefined;
  const at = Date.parse(iso);
  return make("time", { datetime: iso, title: absolute.format(at) }, toAge(at, Date.now()));
}

/** Keeps the ages on the page true. */
export function keepAges(): void {
  setInterval(() => {
    for (const time of document.querySelectorAll("time")) {
      time.textContent = toAge(Date.parse(time.dateTime), Date.now());
    }
  }, REFRESH_MS);
}
