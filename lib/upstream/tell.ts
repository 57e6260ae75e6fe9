/**
 * Calls a listener. What it throws stays with it, so that one listener's fault
 * stops neither the wire nor the others.
 */
export function tell<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch {
    // The listener belongs to another room, which has its own log.
  }
}
