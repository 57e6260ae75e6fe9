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
  ExitStatus,
  FileLock,
  FilePart,
  Files,
  FileStat,
  HttpClient,
  KeyValues,
  ListenAddress,
  Listener,
  Machine,
  Network,
  Peer,
  Platform,
  Processes,
  Random,
  RequestHandler,
  SpawnOptions,
  WatchEvents,
} from "./platform.ts";
export { createDenoPlatform } from "./deno_platform.ts";
export { type Deadline, openDeadline, sleep } from "./timers.ts";
