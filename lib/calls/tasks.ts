/**
 * Which server a task belongs to. A task is named by an id that its server
 * chose, and asked about later by that id alone.
 *
 * @module
 */

/** Tasks that are remembered; the oldest is forgotten first. */
const MAX_TASKS = 10_000;

/** Remembers tasks. */
export interface Tasks {
  /** Looks for a task in a result of a server. */
  learn(result: unknown, server: string, owner: string): void;
  /** The server of a task; `undefined` if it is not known, or known to belong to two. */
  serverOf(taskId: string, owner: string): string | undefined;
}

/** Creates an empty memory. */
export function createTasks(): Tasks {
  // Two servers may choose the same id; then nobody can tell which is meant.
  const owners = new Map<string, string | undefined>();
  return {
    learn(result, server, owner) {
      const id = taskIdIn(result);
      if (id === undefined) return;
      const key = JSON.stringify([owner, id]);
      const isClash = owners.has(key) && owners.get(key) !== server;
      owners.delete(key);
      owners.set(key, isClash ? undefined : server);
      const oldest = owners.size > MAX_TASKS ? owners.keys().next().value : undefined;
      if (oldest !== undefined) owners.delete(oldest);
    },
    serverOf: (taskId, owner) => owners.get(JSON.stringify([owner, taskId])),
  };
}

function taskIdIn(result: unknown): string | undefined {
  if (typeof result !== "object" || result === null) return undefined;
  const task = "task" in result
    ? result.task
    : "resultType" in result && result.resultType === "task"
    ? result
    : undefined;
  if (typeof task !== "object" || task === null || !("taskId" in task)) return undefined;
  return typeof task.taskId === "string" ? task.taskId : undefined;
}
