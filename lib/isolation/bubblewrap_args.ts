/** What a program is confined with. */
export interface BubblewrapRun {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether it shares the network of the machine. */
  readonly network: boolean;
  /** Directory that it may write, and where it starts; `/tmp` when absent. */
  readonly directory?: string;
  /** Further directories that it may read, such as where its program lies. */
  readonly readable: readonly string[];
}

/** What programs need of `/etc`; nothing with secrets. */
const ETC = [
  "alternatives",
  "ca-certificates",
  "crypto-policies",
  "group",
  "hosts",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "nsswitch.conf",
  "passwd",
  "pki",
  "resolv.conf",
  "ssl",
];
/** Links into `/usr` on most systems; directories on others. */
const ROOTS = ["/bin", "/sbin", "/lib", "/lib32", "/lib64"];

/** Home directory of a confined program. */
export const CONFINED_HOME = "/tmp/home";

/**
 * Builds the arguments of `bwrap`. Pure.
 *
 * A system that cannot be written, its own processes, devices, `/tmp` and
 * empty home, and no network unless asked. The environment is that of the
 * process itself, so that no value stands among the arguments.
 */
export function bubblewrapArgs(run: BubblewrapRun): string[] {
  const { directory } = run;
  return [
    ...["--unshare-all", ...(run.network ? ["--share-net"] : []), "--unshare-user"],
    ...["--die-with-parent", "--new-session", "--cap-drop", "ALL"],
    ...["--ro-bind", "/usr", "/usr"],
    ...ROOTS.flatMap((path) => ["--ro-bind-try", path, path]),
    ...ETC.flatMap((name) => ["--ro-bind-try", `/etc/${name}`, `/etc/${name}`]),
    // Where many systems keep what /etc/resolv.conf leads to.
    ...(run.network ? ["--ro-bind-try", "/run/systemd/resolve", "/run/systemd/resolve"] : []),
    ...["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--dir", CONFINED_HOME],
    ...run.readable.flatMap((path) => ["--ro-bind", path, path]),
    ...(directory === undefined ? [] : ["--bind", directory, directory]),
    ...["--remount-ro", "/", "--chdir", directory ?? "/tmp", "--"],
    run.command,
    ...run.args,
  ];
}
