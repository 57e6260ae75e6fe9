import { normalize } from "node:path";

/** Options that are harmless unless they name what belongs to the machine or to another container. */
const SHARING = new Set(["--pid", "--ipc", "--uts", "--network", "--net", "--cgroupns"]);
/** Nothing and less than nothing mean no limit. */
const LIMITS = new Set(["--memory", "-m", "--cpus", "--pids-limit"]);
const MOUNTS = new Set(["-v", "--volume", "--mount"]);
/** Options that take no value and do no harm. */
const PLAIN = new Set(["--no-healthcheck", "--quiet", "-q"]);
/** Options with a value that do no harm. */
const VALUED = new Set([
  "--memory",
  "-m",
  "--memory-swap",
  "--memory-reservation",
  "--cpus",
  "--cpu-shares",
  "-c",
  "--cpuset-cpus",
  "--pids-limit",
  "--shm-size",
  "--tmpfs",
  "--dns",
  "--dns-search",
  "--dns-option",
  "--add-host",
  "--hostname",
  "-h",
  "--platform",
  "--pull",
  "--stop-timeout",
  "--stop-signal",
  "--log-driver",
  "--log-opt",
  "--workdir",
  "-w",
  "--annotation",
]);
/** Directories whose content gives rights over the machine; what lies in them counts too. */
const SYSTEM = ["/etc", "/proc", "/sys", "/dev", "/boot", "/root", "/run", "/var/run", "/var/lib", "/usr"];

/** Paths that no confined program may be given. */
export interface ProtectedPaths {
  readonly home: string;
  /** Directory of the database and the socket, and that of the config. */
  readonly own: readonly string[];
}

/**
 * Looks for arguments of `docker run` that would undo the isolation. What is
 * not known to be harmless counts as dangerous. Pure.
 *
 * @returns The first such argument as written, or `undefined`.
 */
export function findDangerousArg(args: readonly string[], paths: ProtectedPaths): string | undefined {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const [option, value = args[at + 1] ?? ""] = split(arg);
    if (PLAIN.has(option)) continue;
    if (!isKnown(option)) return arg;
    if (SHARING.has(option) && /^(host|container:|ns:)/.test(value)) return `${option} ${value}`;
    if (LIMITS.has(option) && /^(0|-|$)/.test(value)) return `${option} ${value}`;
    if (MOUNTS.has(option) && isDangerousMount(value, paths)) return `${option} ${value}`;
    if (!arg.includes("=")) at++;
  }
  return undefined;
}

/** Tells whether a directory of the machine may not be given to a confined program. Pure. */
export function isProtected(path: string, { home, own }: ProtectedPaths): boolean {
  const wanted = trim(path);
  if (wanted === "/" || contains(wanted, home)) return true;
  // Keys, tokens and settings of programs lie there.
  if (wanted.startsWith(`${trim(home)}/.`)) return true;
  if (SYSTEM.some((directory) => contains(directory, wanted) && !contains(trim(home), wanted))) return true;
  return own.some((directory) => contains(wanted, trim(directory)) || contains(trim(directory), wanted));
}

function isKnown(option: string): boolean {
  return SHARING.has(option) || MOUNTS.has(option) || VALUED.has(option);
}

function split(arg: string): [string, string?] {
  const at = arg.indexOf("=");
  return at < 0 ? [arg] : [arg.slice(0, at), arg.slice(at + 1)];
}

function isDangerousMount(value: string, paths: ProtectedPaths): boolean {
  const source = value.includes("=") ? /(?:^|,)(?:src|source)=([^,]*)/.exec(value)?.[1] : value.split(":")[0];
  if (/(?:^|,)(?:volume-opt|bind-propagation)=/.test(value)) return true;
  if (source === undefined || source === "") return false;
  if (/\.sock$/.test(source)) return true;
  // A name is a volume of the engine; a path is relative to wherever the gateway runs unless it is absolute.
  if (!source.startsWith("/")) return /[/~.]/.test(source.slice(0, 2));
  return isProtected(source, paths);
}

function trim(path: string): string {
  const clean = normalize(path);
  return clean.length > 1 ? clean.replace(/\/+$/, "") : clean;
}

function contains(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory === "/" ? "/" : `${directory}/`);
}
