import { GatewayError, type ServerState } from "../contracts/mod.ts";
import { type Activity, type Change, recordChange } from "../activity/mod.ts";
import type { Runtime, ServerRecord } from "../runtime/mod.ts";

/** States in which a server stays for a while; those on the way between them are not put on record. */
type Settled = Extract<ServerState["state"], "ready" | "backoff" | "failed" | "authenticating" | "idle">;

/** Puts on record that servers come and go. */
export function recordServers(activity: Activity, runtime: Runtime): Disposable {
  const last = new Map<string, Settled>();
  return runtime.onState((name) => {
    const record = runtime.view().servers.get(name);
    if (record === undefined) return void last.delete(name);
    const { state } = record.state;
    if (state === "connecting" || state === "stopping") return;
    const before = last.get(name) ?? "idle";
    last.set(name, state);
    const change = changeOf(before, record);
    if (change !== undefined) recordChange(activity, { ...change, type: "server_change", server: name });
  });
}

/** Tells what has become of a server; `undefined` if nothing new: further attempts that fail are not told. Pure. */
export function changeOf(
  before: Settled,
  { state, lastError, connection }: ServerRecord,
): Omit<Change, "type"> | undefined {
  const name = state.state;
  if (name === before) return undefined;
  switch (name) {
    case "ready":
      return { action: "start", details: { era: connection?.era, pid: connection?.pid } };
    case "idle":
      return { action: "stop", details: { reason: state.reason } };
    case "authenticating":
      return { action: "sign_in" };
    case "backoff":
    case "failed": {
      // Between attempts it fails for good: that is news, the way there is not.
      const failure = name === "failed" ? state.error : lastError ?? state.error;
      const error = new GatewayError(failure.code, failure.message, { remedy: failure.remedy });
      return { action: before === "ready" ? "lose" : "fail", error, details: { state: name } };
    }
    default:
      return undefined;
  }
}
