/**
 * Tasks belong to whoever has started them, also where requests go to their
 * server as they are: the connection is shared, and the server cannot tell.
 *
 * @module
 */

import type { Relay } from "../calls/mod.ts";
import type { Caller } from "../contracts/mod.ts";
import { isRecord, RPC, RpcFault } from "./jsonrpc.ts";

/** Who asks which server about tasks. */
export interface TaskQuestion {
  readonly relay: Pick<Relay, "serverOfTask">;
  readonly caller: Caller;
  readonly server: string;
  readonly method: string;
}

const OF_ONE_TASK = /^tasks\/(?:get|result|cancel|update)$/;

/**
 * Refuses to speak of a task of somebody else to the holder of a token.
 *
 * @throws {RpcFault} As if there were no such task.
 */
export function requireOwnTask(question: TaskQuestion, taskId: unknown): void {
  if (!OF_ONE_TASK.test(question.method) || isOwn(question, taskId)) return;
  throw new RpcFault(RPC.invalidParams, "Invalid params: no such task");
}

/** Leaves out of a list of tasks those of others; any other result stays as it is. */
export function ownTasksOf(question: TaskQuestion, result: unknown): unknown {
  if (question.method !== "tasks/list" || !isRecord(result) || !Array.isArray(result.tasks)) return result;
  if (question.caller.scope === undefined) return result;
  const own = result.tasks.filter((task) => isRecord(task) && isOwn(question, task.taskId));
  return own.length === result.tasks.length ? result : { ...result, tasks: own };
}

function isOwn({ relay, caller, server }: TaskQuestion, taskId: unknown): boolean {
  // Whoever has no token may do everything, and is the only one there is where tokens are not used.
  if (caller.scope === undefined) return true;
  return typeof taskId === "string" && relay.serverOfTask(taskId, caller.label) === server;
}
