/** What a container is started with. */
export interface DockerRun {
  readonly name: string;
  /** Of the gateway that starts it; by this the next one finds it. */
  readonly instance: string;
  readonly server: string;
  readonly image: string;
  readonly command: string;
  readonly args: readonly string[];
  /** File with the environment of the program. */
  readonly envFile: string;
  /** `uid:gid`. */
  readonly user: string;
  readonly network: string;
  /** As the engine writes it, such as `512m`. */
  readonly memory: string;
  readonly cpus: string;
  readonly pids: number;
  /** Directory of the machine that the program may write; it has the same path inside. */
  readonly directory?: string;
  /** Where the program starts, inside. */
  readonly workingDir?: string;
  readonly logDriver?: string;
  readonly logMaxSize?: string;
  readonly logMaxFiles?: string;
  readonly extraArgs: readonly string[];
}

/** Label of every container that a gateway has started. */
export const INSTANCE_LABEL = "mcpproxy.instance";

/**
 * Builds the arguments of `docker` for a confined program. Pure.
 *
 * No capabilities, no new privileges, nothing to write but `/tmp` and the
 * directory given, limits on memory, processors and processes, and a process 1
 * that passes signals on. The environment is in a file: arguments are for
 * everybody to read.
 */
export function dockerArgs(run: DockerRun): string[] {
  return [
    ...["run", "--rm", "--interactive", "--init", "--name", run.name],
    ...["--label", "mcpproxy.managed=true", "--label", `${INSTANCE_LABEL}=${run.instance}`],
    ...["--label", `mcpproxy.server=${run.server}`],
    ...logArgs(run),
    ...["--network", run.network, "--cap-drop=ALL", "--security-opt=no-new-privileges", "--read-only"],
    ...["--tmpfs", "/tmp:rw,exec,nosuid,nodev,size=512m,mode=1777"],
    ...["--pids-limit", String(run.pids), "--memory", run.memory, "--cpus", run.cpus],
    ...["--user", run.user, "--env-file", run.envFile],
    ...(run.directory === undefined
      ? []
      : ["--mount", `type=bind,source=${run.directory},target=${run.directory}`]),
    ...(run.workingDir === undefined ? [] : ["--workdir", run.workingDir]),
    ...run.extraArgs,
    run.image,
    run.command,
    ...run.args,
  ];
}

function logArgs({ logDriver = "", logMaxSize = "", logMaxFiles = "" }: DockerRun): string[] {
  const driver = logDriver === "" ? [] : ["--log-driver", logDriver];
  // Drivers without files do not know these options.
  if (logDriver !== "json-file" && logDriver !== "local") return driver;
  return [
    ...driver,
    ...(logMaxSize === "" ? [] : ["--log-opt", `max-size=${logMaxSize}`]),
    ...(logMaxFiles === "" ? [] : ["--log-opt", `max-file=${logMaxFiles}`]),
  ];
}

/**
 * Writes the file that `--env-file` reads. Pure.
 *
 * @returns `undefined` if a name or value cannot be written in it: it has no way to escape the end of a line.
 */
export function envFileText(env: Readonly<Record<string, string>>): string | undefined {
  const entries = Object.entries(env);
  if (entries.some(([name, value]) => /[\r\n=\s#]/.test(name) || /[\r\n]/.test(value))) return undefined;
  return entries.map(([name, value]) => `${name}=${value}\n`).join("");
}
