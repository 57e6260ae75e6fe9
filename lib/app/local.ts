import type { Management } from "../contracts/mod.ts";
import { openCore } from "./core.ts";
import { openGround } from "./ground.ts";
import type { PlaceOptions } from "./options.ts";

/**
 * Opens the management service in this process, without listeners. Servers are
 * started only when a verb needs them and stopped when it is disposed.
 */
export async function openLocalManagement(options: PlaceOptions): Promise<Management> {
  await using stack = new AsyncDisposableStack();
  const core = {
    ...options,
    // A command that a person points at a file means that file; only the default one is made.
    configMustExist: options.config !== undefined,
    logLevel: options.logLevel ?? "warn",
    running: false,
    logToConsole: options.logLevel !== undefined,
    phase: () => "not running",
    listenAddress: () => undefined,
    onNotice: () => {},
  };
  const { management } = await openCore(stack, await openGround(stack, core), core);
  const owned = stack.move();
  return {
    kind: "local",
    request: (verb, input, request) => management.request(verb, input, request),
    followLogs: (input, signal) => management.followLogs(input, signal),
    followEvents: (filter, signal) => management.followEvents(filter, signal),
    exportActivity: (input, request) => management.exportActivity(input, request),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
