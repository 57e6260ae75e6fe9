/** How far a task is. */
export type TaskState = "pending" | "done" | "failed";

/** Ends a task; the last word counts. */
export interface ReadinessTask {
  done(): void;
  fail(reason: string): void;
}

/** What has to be done before the gateway is ready. */
export interface Readiness {
  /** Adds a task, or starts one of this name anew. */
  task(name: string): ReadinessTask;
  /** Asks each time how a part does; one that does badly is named, and changes nothing else. */
  watch(name: string, isWell: () => boolean): void;
  /** Ready means that every task is done; tasks are in the order they were added. */
  state(): {
    readonly ready: boolean;
    readonly tasks: readonly {
      readonly name: string;
      readonly state: TaskState;
      readonly reason?: string;
    }[];
    /** Parts that work, but not as they should; absent if there are none. */
    readonly degraded?: readonly string[];
  };
}

/** Makes a readiness without tasks, which is ready. */
export function createReadiness(): Readiness {
  const tasks = new Map<string, { readonly state: TaskState; readonly reason?: string }>();
  const watched = new Map<string, () => boolean>();
  return {
    task(name) {
      tasks.set(name, { state: "pending" });
      return {
        done: () => void tasks.set(name, { state: "done" }),
        fail: (reason) => void tasks.set(name, { state: "failed", reason }),
      };
    },
    watch: (name, isWell) => void watched.set(name, isWell),
    state() {
      const degraded = [...watched].filter(([, isWell]) => !isWell()).map(([name]) => name);
      return {
        ready: [...tasks.values()].every(({ state }) => state === "done"),
        tasks: [...tasks].map(([name, task]) => ({ name, ...task })),
        ...(degraded.length === 0 ? {} : { degraded }),
      };
    },
  };
}
