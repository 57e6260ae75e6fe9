/**
 * The only room that touches Deno, the clock, the network, randomness and the
 * environment.
 *
 * @module
 */

export type {
  AppendFile,
  ChildProcess,
  Clock,
  ErrorOutput,
  ExchangeAnswer,
  ExchangeRequest,
  ExitStatus,
  FamilyOptions,
  FileEnd,
  FileLock,
  FilePart,
  Files,
  FileStat,
  HttpClient,
  HttpExchange,
  KeyValues,
  ListenAddress,
  Listener,
  Machine,
  Network,
  Peer,
  Platform,
  Processes,
  ProcessFamily,
  ProcessUsage,
  Random,
  RequestHandler,
  SpawnOptions,
  WatchEvents,
} from "./platform.ts";
export { MARK_VARIABLE } from "./platform.ts";
export { createDenoPlatform } from "./deno_platform.ts";
export { isDiskFull } from "./disk_full.ts";
export { createSharedTimers, type SharedTimers } from "./shared_timers.ts";
export { type Deadline, openDeadline, sleep } from "./timers.ts";
