/**
 * The one way in which the program ends by a mistake of its own: something
 * failed where nobody waits for it. It is told, what runs is ended in order,
 * and whoever watches over the program starts it again.
 *
 * @module
 */

/** Exit code after a mistake of the program itself. */
export const CRASHED = 70;

/** Hears of failures that nobody has taken. */
export interface Crashes extends Disposable {
  /** The first of them. */
  readonly first: Promise<unknown>;
}

/** Listens until it is disposed; meanwhile such a failure does not end the process by itself. */
export function listenCrashes(): Crashes {
  const first = Promise.withResolvers<unknown>();
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    first.resolve(event.reason);
  };
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    first.resolve(event.error);
  };
  addEventListener("unhandledrejection", onRejection);
  addEventListener("error", onError);
  return {
    first: first.promise,
    [Symbol.dispose]() {
      removeEventListener("unhandledrejection", onRejection);
      removeEventListener("error", onError);
    },
  };
}
