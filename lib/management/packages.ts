import { recordChange } from "../activity/mod.ts";
import type { Check, ServerConfig } from "../contracts/mod.ts";
import { isNpx, unpinnedPackage } from "../packages/mod.ts";
import { toTrustRecord } from "./decisions.ts";
import type { ManagementOptions } from "./options.ts";
import type { VerbContext } from "./verb_context.ts";

/** Servers that one check names; there may be hundreds. */
const MAX_NAMED = 10;

/** Tells what a person should know of a server that is fetched anew at its starts. Pure. */
export function packageWarnings(server: Pick<ServerConfig, "command" | "args">): string[] {
  const loose = unpinnedPackage(server);
  if (loose === undefined) return [];
  const then = isNpx(server)
    ? "a newer one than you accept is held until you accept it, too"
    : "only npx is looked up before it runs, so a newer one runs unseen";
  return [
    `runs the newest ${loose} at each start; a version in its name keeps it as it was when you looked: ${then}`,
  ];
}

/**
 * Accepts the packages of a server as they were seen last: who lets a server
 * in means what it is started from as well, also if it was refused before. What
 * was never looked up is accepted as the first start finds it.
 */
export async function acceptPackages(
  { runtime, activity }: Pick<ManagementOptions, "runtime" | "activity">,
  name: string,
  { caller, requestId, from }: VerbContext,
): Promise<void> {
  const waiting = runtime.trust.entries(name).flatMap(({ record }) =>
    record.kind === "package" && record.status !== "approved"
      ? [{ kind: record.kind, name: record.name, hash: record.currentHash }]
      : []
  );
  if (waiting.length === 0) return;
  for (const change of await runtime.trust.approve(name, waiting, caller.label)) {
    recordChange(activity, toTrustRecord(name, change), { ...from, caller, requestId });
  }
}

/** Looks for servers that run whatever version is newest. */
export function checkPackages(servers: ReadonlyMap<string, ServerConfig>): Check {
  const loose = [...servers].flatMap(([name, server]) => {
    const spec = server.enabled ? unpinnedPackage(server) : undefined;
    return spec === undefined ? [] : [{ text: `${name} (${spec})`, isWatched: isNpx(server) }];
  });
  if (loose.length === 0) {
    return { id: "packages", level: "ok", summary: "every package has a fixed version" };
  }
  const more = loose.length > MAX_NAMED ? ` and ${loose.length - MAX_NAMED} more` : "";
  const unwatched = loose.filter(({ isWatched }) => !isWatched).length;
  const then = unwatched === 0
    ? "held when it differs from what you accepted"
    : `${unwatched} of them without being looked up before`;
  return {
    id: "packages",
    level: "warning",
    summary: `run the newest version at each start, ${then}: ${
      loose.slice(0, MAX_NAMED).map(({ text }) => text).join(", ")
    }${more}`,
    remedy: 'Put a version into the name of the package, such as "some-server@1.2.3"',
  };
}
