import { dirname, isAbsolute, join } from "node:path";
import { type Config, GatewayError, type ServerConfig } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { bubblewrapArgs, CONFINED_HOME } from "./bubblewrap_args.ts";
import type { Capabilities } from "./capabilities.ts";
import { engineEnvironment } from "./capabilities.ts";
import { findDangerousArg, isProtected, type ProtectedPaths } from "./danger.ts";
import { dockerArgs, envFileText } from "./docker_args.ts";
import { imageFor } from "./images.ts";
import { scriptOf, treeOfScript } from "./program_tree.ts";

/** What a server is confined with. */
export interface ConfineOptions {
  readonly platform: Platform;
  readonly server: ServerConfig;
  readonly config: Config;
  /** The environment it would have if it were not confined. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its `working_dir` as an absolute path. */
  readonly directory: string | undefined;
  readonly paths: ProtectedPaths;
}

/** The program to start in place of that of the server. */
export interface Confined {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Variables that would lead out of the confinement, or mean nothing inside. */
const OUTSIDE = /^(DOCKER_.*|XDG_RUNTIME_DIR|COLIMA_HOME|TMPDIR|TEMP|TMP)$/;
const NO_DIRECTORY = "none";

/** What stays outside of every confinement, whatever a server asks. */
export function refuse(server: ServerConfig, what: string): GatewayError {
  return new GatewayError(
    "MCPX_ISOLATION_REFUSED",
    `Cannot start server "${server.name}": ${what} would undo its isolation`,
    {
      remedy: 'Change it, or set "allow_dangerous": true in "isolation" of the server if you mean it',
      details: { server: server.name },
    },
  );
}

/** Says that a server cannot be confined as it should be; it is not started at all then. */
export function unavailable(server: ServerConfig, mode: string, able: Capabilities): GatewayError {
  const { bubblewrap, docker } = able;
  const lost = [bubblewrap, docker].map((one) => (one.usable ? "" : one.why));
  const why = mode === "auto"
    ? `neither bubblewrap (${lost[0]}) nor Docker (${lost[1]}) works`
    : mode === "docker"
    ? `Docker: ${lost[1]}`
    : `bubblewrap: ${lost[0]}`;
  const wanted = mode === "docker" ? docker : bubblewrap;
  return new GatewayError(
    "MCPX_ISOLATION_UNAVAILABLE",
    `Cannot start server "${server.name}": it is to run isolated, and this machine cannot do that: ${why}`,
    { remedy: wanted.usable ? undefined : wanted.remedy, details: { server: server.name, isolation: mode } },
  );
}

/**
 * Plans how a server is started under bubblewrap.
 *
 * @throws {GatewayError} MCPX_ISOLATION_REFUSED for a directory that must not be given away, and for extra arguments.
 */
export async function confineByBubblewrap(options: ConfineOptions): Promise<Confined> {
  const { platform, server, config, environment } = options;
  const directory = await checkDirectory(options);
  const { extra_args: extra = [], allow_dangerous: dangerous = false } = server.isolation ?? {};
  if (extra.length > 0 && !dangerous) throw refuse(server, `"extra_args" (${extra[0]})`);
  const program = await findProgram(platform, server.command ?? "", environment.PATH ?? "");
  const { PATH = "/usr/bin:/bin", HOME: _home, ...rest } = environment;
  const args = bubblewrapArgs({
    command: program?.path ?? server.command ?? "",
    args: server.args,
    network: networkOf(server, config, "none") !== "none",
    directory,
    readable: [...program?.readable ?? [], ...await readableOfScript(options)],
  });
  return {
    command: "bwrap",
    args: [...extra, ...args],
    environment: { PATH, ...inside(rest), HOME: CONFINED_HOME, TMPDIR: "/tmp", ...pick(server.env, "HOME") },
  };
}

/**
 * Plans how a server is started in a container, and writes its environment
 * into a file.
 *
 * @throws {GatewayError} MCPX_ISOLATION_REFUSED as above, and for variables that no such file can hold.
 */
export async function confineByDocker(
  options: ConfineOptions,
  container: { readonly name: string; readonly instance: string; readonly envFile: string },
): Promise<Confined> {
  const { platform, server, config, paths } = options;
  const { isolation = {} } = server;
  const general = config.docker_isolation ?? {};
  const directory = await checkDirectory(options);
  const extraArgs = [...(general.extra_args ?? []), ...(isolation.extra_args ?? [])];
  const danger = findDangerousArg(extraArgs, paths);
  if (danger !== undefined && isolation.allow_dangerous !== true) {
    throw refuse(server, `"${danger}" in "extra_args"`);
  }
  const network = networkOf(server, config, "bridge");
  if (/^(host|container:)/.test(network) && isolation.allow_dangerous !== true) {
    throw refuse(server, `"network_mode": "${network}"`);
  }
  const env = { HOME: "/tmp", ...config.environment.custom_vars, ...server.env };
  const text = envFileText(env);
  if (text === undefined) {
    throw new GatewayError(
      "MCPX_ISOLATION_REFUSED",
      `Cannot start server "${server.name}": a variable of "env" has line breaks, which no container can be given`,
      { remedy: "Put the value on one line, or use bubblewrap", details: { server: server.name } },
    );
  }
  await platform.files.writeAtomic(container.envFile, text, 0o600);
  const command = server.command ?? "";
  const args = dockerArgs({
    ...container,
    server: server.name,
    image: imageFor(command, {
      image: isolation.image,
      images: general.default_images,
      registry: general.registry,
    }),
    command,
    args: server.args,
    user: userOf(platform),
    network,
    memory: general.memory_limit ?? "512m",
    cpus: general.cpu_limit ?? "1.0",
    pids: general.pids_limit ?? 256,
    directory,
    workingDir: isolation.working_dir ?? directory,
    logDriver: isolation.log_driver ?? general.log_driver,
    logMaxSize: isolation.log_max_size ?? general.log_max_size,
    logMaxFiles: isolation.log_max_files ?? general.log_max_files,
    extraArgs,
  });
  return { command: "docker", args, environment: engineEnvironment(platform.env) };
}

/** Links are followed first, so that none leads to where nobody may go. */
async function checkDirectory({ platform, server, directory, paths }: ConfineOptions) {
  if (directory === undefined) return undefined;
  const real = await platform.files.realPath(directory).catch(() => NO_DIRECTORY);
  if (real === NO_DIRECTORY) {
    throw new GatewayError(
      "MCPX_CONFIG_INVALID",
      `Cannot start server "${server.name}": its working directory "${directory}" does not exist`,
      { remedy: 'Correct "working_dir" of the server', details: { server: server.name } },
    );
  }
  const isOpen = server.isolation?.allow_dangerous === true || !isProtected(real, paths);
  // A comma would begin another option of the mount.
  if (isOpen && !/[,"\n]/.test(real)) return real;
  throw refuse(server, `"working_dir": "${directory}"`);
}

function networkOf(server: ServerConfig, config: Config, otherwise: string): string {
  return server.isolation?.network_mode ?? config.docker_isolation?.network_mode ?? otherwise;
}

/** Never the superuser: the first ordinary user if the gateway is one, as the images have it. */
function userOf({ machine: { uid = 0 } }: Platform): string {
  return uid === 0 ? "1000:1000" : `${uid}:${uid}`;
}

function inside(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OUTSIDE.test(name)));
}

function pick(env: Readonly<Record<string, string>>, name: string): Record<string, string> {
  const value = env[name];
  return value === undefined ? {} : { [name]: value };
}

/** Finds the program outside, and what must be readable inside for it to start. */
async function findProgram(platform: Platform, command: string, search: string) {
  const candidates = isAbsolute(command)
    ? [command]
    : command.includes("/")
    ? []
    : search.split(":").filter(isAbsolute).map((directory) => join(directory, command));
  for (const path of candidates) {
    const real = await platform.files.realPath(path).catch(() => undefined);
    if (real === undefined) continue;
    const readable = [...new Set([treeOf(path, platform), treeOf(real, platform)])].filter(isNotSystem);
    return { path, readable };
  }
  return undefined;
}

/** A program that is run by an interpreter lies elsewhere; what is protected is not shown for it. */
async function readableOfScript({ platform, server, paths }: ConfineOptions): Promise<string[]> {
  const script = scriptOf(server.command ?? "", server.args);
  if (script === undefined) return [];
  const tree = await treeOfScript(script, platform);
  const real = await platform.files.realPath(tree).catch(() => undefined);
  if (real === undefined || isProtected(real, paths)) return [];
  return [...new Set([tree, real])].filter(isNotSystem);
}

/** Of `…/tools/bin/node` all of `…/tools`, as its libraries lie there; never a home, and nothing above one. */
function treeOf(path: string, { machine: { home } }: Platform): string {
  const directory = dirname(path);
  const tree = directory.endsWith("/bin") ? dirname(directory) : directory;
  const isWide = tree === "/" || home.startsWith(`${tree}/`) || tree === home ||
    [".local", ".cargo"].some((name) => tree === join(home, name));
  // A single file is all that is safe to show of a wide place.
  return isWide ? path : tree;
}

function isNotSystem(path: string): boolean {
  return !/^\/(usr|bin|sbin|lib|lib32|lib64)(\/|$)/.test(path);
}
