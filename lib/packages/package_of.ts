import { basename } from "node:path";
import type { ServerConfig } from "../contracts/mod.ts";

/** What of a server says which package it runs. */
export type Launch = Pick<ServerConfig, "command" | "args">;

/** A package as it stands in the arguments of a command. */
export interface PackageWord {
  /** Which of the arguments it is. */
  readonly at: number;
  /** What stands before it in the same argument, such as `--package=`. */
  readonly prefix: string;
  /** Name with whatever version is asked for, such as `some-server@^2`. */
  readonly spec: string;
  /** Without the version. */
  readonly name: string;
}

interface Runner {
  /** Words between the command and the package, of which one has to be there. */
  readonly verbs?: readonly string[];
  /** Options that have a package as their value. */
  readonly naming: readonly string[];
  /** Other options with a value of their own. */
  readonly valued: readonly string[];
  /** How a whole version stands in a word. */
  readonly pinned: RegExp;
}

const NPM_PINNED = /^(?:@[^/@]+\/)?[^@/]+@\d+\.\d+\.\d+[-+.\w]*$/;
const PYTHON_PINNED = /(?:@|==)\d/;
const NPM_OPTIONS = [
  "-c",
  "--call",
  "-w",
  "--workspace",
  "--registry",
  "--userconfig",
  "--cache",
  "--prefix",
];

const NPX: Runner = { naming: ["-p", "--package"], valued: NPM_OPTIONS, pinned: NPM_PINNED };
const PNPM: Runner = {
  naming: ["-p", "--package"],
  valued: ["-C", "--dir", "--registry"],
  pinned: NPM_PINNED,
};
const BUN: Runner = { naming: ["-p", "--package"], valued: ["--cwd"], pinned: NPM_PINNED };
const UV: Runner = {
  naming: ["--from"],
  valued: ["--with", "--python", "-p", "--index-url", "--index", "--default-index", "--directory"],
  pinned: PYTHON_PINNED,
};
const PIPX: Runner = {
  verbs: ["run"],
  naming: ["--spec"],
  valued: ["--python", "--index-url", "-i", "--pip-args"],
  pinned: PYTHON_PINNED,
};

/** Programs that fetch a package and run it. */
const RUNNERS: Readonly<Record<string, Runner>> = {
  npx: NPX,
  npm: { ...NPX, verbs: ["exec", "x"] },
  pnpx: PNPM,
  pnpm: { ...PNPM, verbs: ["dlx"] },
  yarn: { ...PNPM, verbs: ["dlx"] },
  bunx: BUN,
  bun: { ...BUN, verbs: ["x"] },
  uvx: UV,
  uv: { ...UV, verbs: ["tool"] },
  pipx: PIPX,
};

const DENO_SPECIFIER = /^(?:npm|jsr):\/?(?<spec>(?<name>(?:@[^/@]+\/)?[^@/]+)(?:@(?<version>[^/]+))?)/;
/** A path, an address, a repository or an archive is no name of a registry. */
const ELSEWHERE = /^[./~]|:|^git\+|^[^@][^@]*\/|\.tgz$|\.whl$/;

/** Tells whether a server is started by npx, whose packages are resolved before they run. */
export function isNpx({ command = "" }: Pick<Launch, "command">): boolean {
  return programOf(command) === "npx";
}

/**
 * Finds the packages that a command fetches, or none for any other program. Pure.
 *
 * Names of a registry only: what is fetched from a repository or a path is not among them.
 */
export function packageWords({ command = "", args }: Launch): readonly PackageWord[] {
  const program = programOf(command);
  if (program === "deno") return denoWords(args);
  const runner = Object.hasOwn(RUNNERS, program) ? RUNNERS[program] : undefined;
  if (runner === undefined) return [];
  return namedWords(runner, args).filter(({ spec }) => spec !== "" && !ELSEWHERE.test(spec));
}

/**
 * Gives the package that a server runs in whatever version is newest at each
 * start; what was looked at when the server was let in is then not what runs.
 *
 * @returns `undefined` for one of a fixed version, and for other programs.
 */
export function unpinnedPackage(launch: Launch): string | undefined {
  const program = programOf(launch.command ?? "");
  const pinned = program === "deno" ? NPM_PINNED : RUNNERS[program]?.pinned;
  return packageWords(launch).find(({ spec }) => pinned?.test(spec) === false)?.spec;
}

/** Programs of npm's family, which all know this variable. */
const KNOWS_SCRIPTS = new Set(["npx", "npm", "pnpx", "pnpm", "yarn"]);

/** Sees to it that a package is put on the disk without running what it brings along for that. Pure. */
export function withoutInstallScripts<S extends Pick<ServerConfig, "command" | "env">>(server: S): S {
  if (!KNOWS_SCRIPTS.has(programOf(server.command ?? ""))) return server;
  return { ...server, env: { ...server.env, npm_config_ignore_scripts: "true" } };
}

function programOf(command: string): string {
  return basename(command.replaceAll("\\", "/")).replace(/\.(?:cmd|exe|ps1)$/i, "");
}

function namedWords({ verbs, naming, valued }: Runner, args: readonly string[]): PackageWord[] {
  const named: PackageWord[] = [];
  let isFetching = verbs === undefined;
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? "";
    const [prefix = "", option = ""] = /^(--?[\w-]+)=/.exec(word) ?? [];
    if (naming.includes(option)) named.push(toWord(at, prefix, word.slice(prefix.length)));
    else if (naming.includes(word)) named.push(toWord(++at, "", args[at] ?? ""));
    else if (valued.includes(word)) at++;
    else if (!word.startsWith("-")) {
      if (isFetching) return named.length > 0 ? named : [toWord(at, "", word)];
      if (verbs?.includes(word) !== true) return [];
      isFetching = true;
      // `uv tool run` has a word more.
      if (word === "tool" && args[at + 1] === "run") at++;
    }
  }
  return isFetching ? named : [];
}

function denoWords(args: readonly string[]): PackageWord[] {
  const at = args.findIndex((arg) => !arg.startsWith("-") && arg !== "run" && arg !== "x");
  const { spec, name } = DENO_SPECIFIER.exec(args[at] ?? "")?.groups ?? {};
  return spec === undefined || name === undefined ? [] : [{ at, prefix: "", spec, name }];
}

function toWord(at: number, prefix: string, spec: string): PackageWord {
  return { at, prefix, spec, name: spec.replace(/(?<=.)(?:@|[=<>~!]=?).*$/, "") };
}
