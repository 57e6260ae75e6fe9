/**
 * The only room that touches Deno, the clock, the network, randomness and the
 * environment.
 *
 * @module
 */

export type { AppendFile, FileEnd, FileLock, FilePart, Files, FileStat, WatchEvents } from "./files.ts";
export type {
  ChildProcess,
  ExitStatus,
  FamilyOptions,
  Processes,
  ProcessFamily,
  ProcessUsage,
  SpawnOptions,
} from "./processes.ts";
export type { Clock, ErrorOutput, KeyValues, Machine, Platform, Random } from "./platform.ts";
export type {
  ExchangeAnswer,
  ExchangeRequest,
  HttpClient,
  HttpExchange,
  ListenAddress,
  Listener,
  Network,
  OnLost,
  Peer,
  RequestHandler,
} from "./network.ts";
export { MARK_VARIABLE } from "./processes.ts";
export { createDenoPlatform } from "./deno_platform.ts";
export { isAscii } from "./ascii.ts";
export { createPauses } from "./pauses.ts";
export { isDiskFull } from "./disk_full.ts";
export {
  type BodyLimits,
  MAX_BODY_BYTES,
  readBodyBytes,
  readBodyText,
  UnreadableBody,
} from "./request_body.ts";
export { createSharedTimers, type SharedTimers } from "./shared_timers.ts";
export { atOnce, inSlices, nextTurn } from "./slices.ts";
export { startWorker } from "./workers.ts";
export { type Deadline, openDeadline, sleep, untilAborted } from "./timers.ts";
