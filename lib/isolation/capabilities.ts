import type { Platform } from "../platform/mod.ts";
import { bubblewrapArgs } from "./bubblewrap_args.ts";
import { run } from "./run.ts";

/** What the machine can do in one way. */
export type Capability =
  | { readonly usable: true; readonly version: string }
  | { readonly usable: false; readonly why: string; readonly remedy: string };

/** How this machine can confine programs. */
export interface Capabilities {
  readonly bubblewrap: Capability;
  readonly docker: Capability;
  /** What `auto` takes; `undefined` if nothing is usable. */
  readonly auto: "bubblewrap" | "docker" | undefined;
}

/** An engine that does not answer by then is as good as none. */
const PROBE_MS = 3_000;

/** Tries what this machine can do, by doing it: a program that is there need not work. */
export async function probeCapabilities(platform: Platform): Promise<Capabilities> {
  const [bubblewrap, docker] = await Promise.all([probeBubblewrap(platform), probeDocker(platform)]);
  // It needs no image, and the program of the server is the one the person has installed.
  const auto = bubblewrap.usable ? "bubblewrap" : docker.usable ? "docker" : undefined;
  return { bubblewrap, docker, auto };
}

/** What a client of the engine needs, and no more. */
export function engineEnvironment(system: Readonly<Record<string, string>>): Record<string, string> {
  const isNeeded = (name: string) => name === "PATH" || name === "HOME" || name.startsWith("DOCKER_");
  return Object.fromEntries(Object.entries(system).filter(([name]) => isNeeded(name)));
}

async function probeBubblewrap(platform: Platform): Promise<Capability> {
  if (platform.machine.os !== "linux") {
    return { usable: false, why: "it exists on Linux only", remedy: "Use Docker" };
  }
  const options = { env: { PATH: platform.env.PATH ?? "" }, timeoutMs: PROBE_MS };
  const version = await run(platform, ["bwrap", "--version"], options);
  if (version === undefined) {
    return { usable: false, why: "bwrap is not on PATH", remedy: "Install the package bubblewrap" };
  }
  const args = bubblewrapArgs({ command: "/usr/bin/true", args: [], network: false, readable: [] });
  const tried = await run(platform, ["bwrap", ...args], options);
  if (tried?.code === 0) return { usable: true, version: version.stdout.replace(/^bubblewrap /, "") };
  return {
    usable: false,
    why: `bwrap does not work here: ${lastLine(tried?.stderr) ?? "it did not end"}`,
    remedy: "Allow unprivileged user namespaces on this machine, or use Docker",
  };
}

async function probeDocker(platform: Platform): Promise<Capability> {
  const env = engineEnvironment(platform.env);
  const ask = ["docker", "info", "--format", "{{.ServerVersion}}"];
  const told = await run(platform, ask, { env, timeoutMs: PROBE_MS });
  if (told === undefined) {
    return {
      usable: false,
      why: "docker is not on PATH, or does not answer",
      remedy: "Install Docker and start it",
    };
  }
  if (told.code === 0 && told.stdout !== "") return { usable: true, version: told.stdout };
  return {
    usable: false,
    why: `its engine does not answer: ${lastLine(told.stderr) ?? `exit code ${told.code}`}`,
    remedy: "Start the Docker engine, and see that you may use it: docker info",
  };
}

function lastLine(text = ""): string | undefined {
  return text.split("\n").map((line) => line.trim()).filter((line) => line !== "").at(-1)?.slice(0, 200);
}
