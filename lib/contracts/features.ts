/**
 * The feature switches: what each is, what it needs, and which older key means
 * the same.
 *
 * @module
 */

import { z } from "zod";
import { field } from "./server_config.ts";

/** What is known of one switch. */
export interface Feature {
  readonly summary: string;
  /** Whether it is on when nothing is said. */
  readonly byDefault: boolean;
  /** The switch without which this one is off. */
  readonly needs?: "enable_observability";
  /** Key of mcpproxy-go with the same meaning; the switch wins if both are there. */
  readonly twin?: readonly string[];
  /** Absent from this version: it is checked and kept, and nothing else. */
  readonly isMissing?: true;
}

/** Every switch below `features`. */
export const FEATURES = {
  enable_observability: { summary: "Health checks, metrics and tracing", byDefault: true },
  enable_health_checks: {
    summary: "The routes /healthz and /readyz",
    byDefault: true,
    needs: "enable_observability",
  },
  enable_metrics: {
    summary: "The route /metrics",
    byDefault: true,
    needs: "enable_observability",
    twin: ["observability", "metrics", "enabled"],
  },
  enable_tracing: {
    summary: "Traces of calls",
    byDefault: false,
    needs: "enable_observability",
    twin: ["observability", "tracing", "enabled"],
    isMissing: true,
  },
  enable_docker_isolation: {
    summary: "Servers in Docker containers",
    byDefault: false,
    twin: ["docker_isolation", "enabled"],
  },
  enable_web_ui: { summary: "The page at /ui/", byDefault: true },
  enable_tray: {
    summary: "An icon in the system tray",
    byDefault: true,
    isMissing: true,
  },
} as const satisfies Readonly<Record<string, Feature>>;

/** Name of a switch. */
export type FeatureName = keyof typeof FEATURES;

/** The names of {@link FEATURES}, in their order. */
export const FEATURE_NAMES = Object.keys(FEATURES) as readonly FeatureName[]; // the keys of that very table

const flag = (name: FeatureName) =>
  field(z.boolean().optional(), "daemon", `${FEATURES[name].summary}${toMore(FEATURES[name])}`);

function toMore({ byDefault, needs, isMissing }: Feature): string {
  if (isMissing) return "; checked and kept, not part of this version";
  return `; ${byDefault ? "on" : "off"} when absent${needs === undefined ? "" : `, needs ${needs}`}`;
}

/** Schema of `features`. */
export const FeaturesSchema = z.strictObject({
  enable_observability: flag("enable_observability"),
  enable_health_checks: flag("enable_health_checks"),
  enable_metrics: flag("enable_metrics"),
  enable_tracing: flag("enable_tracing"),
  enable_docker_isolation: flag("enable_docker_isolation"),
  enable_web_ui: flag("enable_web_ui"),
  enable_tray: flag("enable_tray"),
});

/** Which features are in use. */
export type Features = Readonly<Record<FeatureName, boolean>>;

/** What a config states about one switch. */
export interface StatedFeature {
  readonly value: boolean;
  /** Key that decides, as a path into the config. */
  readonly path: readonly string[];
}

/**
 * Reads what a config states about a switch: under `features`, else by the key
 * of mcpproxy-go. Pure.
 *
 * @param config Config or anything of its shape; what is no boolean counts as not stated.
 */
export function statedFeature(config: unknown, name: FeatureName): StatedFeature | undefined {
  const { twin }: Feature = FEATURES[name];
  for (const path of [["features", name], ...(twin === undefined ? [] : [twin])]) {
    const value = path.reduce<unknown>(
      (outer, key) => (typeof outer === "object" && outer !== null ? Reflect.get(outer, key) : undefined),
      config,
    );
    if (typeof value === "boolean") return { value, path };
  }
  return undefined;
}

/** Decides which features are in use: stated or by default, with what they need, and there at all. Pure. */
export function resolveFeatures(config: unknown): Features {
  const isOn = (name: FeatureName): boolean => {
    const { byDefault, needs, isMissing }: Feature = FEATURES[name];
    const value = statedFeature(config, name)?.value ?? byDefault;
    return value && isMissing !== true && (needs === undefined || isOn(needs));
  };
  // fromEntries forgets which keys it was given.
  return Object.fromEntries(FEATURE_NAMES.map((name) => [name, isOn(name)])) as Features;
}
