import type { Clock } from "./platform.ts";

/** Makes the part of a clock that knows of pauses. */
export function createPauses(): Pick<Clock, "inPauses" | "pause"> {
  const works = new Set<() => void>();
  return {
    inPauses(work) {
      // The same function may be given twice.
      const own = () => work();
      works.add(own);
      return { [Symbol.dispose]: () => void works.delete(own) };
    },
    pause() {
      for (const work of works) work();
    },
  };
}
