import { type VerbOutput, type VerbParsed, wireOf } from "../contracts/mod.ts";
import { type Capability, generalModeOf, isolationModeOf } from "../isolation/mod.ts";
import { configVerbs } from "./config.ts";
import type { ManagementOptions } from "./options.ts";

type Status = VerbOutput<"isolation.status">;

/** Verbs about confining servers. */
export function isolationVerbs(options: ManagementOptions) {
  const { isolation, runtime, config } = options;

  return {
    async status(): Promise<Status> {
      const able = await isolation?.capabilities();
      const now = config.snapshot().config;
      const mode = generalModeOf(now);
      const docker = toCapability(able?.docker);
      const programs = [...runtime.view().servers].filter(([, record]) => wireOf(record.config) === "stdio");
      return {
        docker_available: docker.usable,
        isolation_enabled: mode !== "none",
        mode,
        docker,
        bubblewrap: toCapability(able?.bubblewrap),
        auto: able?.auto,
        servers: programs.map(([name, record]) => ({ name, mode: isolationModeOf(record.config, now) })),
      };
    },

    async switch({ enabled }: VerbParsed<"isolation.switch">): Promise<VerbOutput<"isolation.switch">> {
      const { value } = await config.document();
      return await configVerbs(options).patch({ patch: toPatch(value, enabled), if_match: undefined });
    },
  };
}

/** Writes the key that mcpproxy-go has, and whichever others the file states that would win over it. Pure. */
export function toPatch(
  stated: Readonly<Record<string, unknown>>,
  enabled: boolean,
): Readonly<Record<string, unknown>> {
  const at = (key: string, inner: string): unknown => Reflect.get(Object(stated[key]), inner);
  const mode = enabled ? "docker" : "none";
  return {
    docker_isolation: { enabled, ...(at("docker_isolation", "mode") === undefined ? {} : { mode }) },
    ...(stated.isolation === undefined ? {} : { isolation: mode }),
    ...(at("features", "enable_docker_isolation") === undefined
      ? {}
      : { features: { enable_docker_isolation: enabled } }),
  };
}

function toCapability(found: Capability | undefined): Status["docker"] {
  if (found === undefined) return { usable: false, why: "it was not looked for" };
  if (found.usable) return { usable: true, version: found.version };
  return { usable: false, why: found.why, remedy: found.remedy };
}
