import { type Feature, FEATURE_NAMES, type FeatureName, FEATURES, statedFeature } from "../contracts/mod.ts";
import type { ConfigPath } from "./problems.ts";

/** A rule that is broken, and where. */
interface Broken {
  readonly path: ConfigPath;
  readonly message: string;
  readonly remedy: string;
}

/** Finds switches that are on while what they need is stated to be off. Pure. */
export function featureProblems(value: unknown): Broken[] {
  return FEATURE_NAMES.flatMap((name) => {
    const { needs }: Feature = FEATURES[name];
    if (needs === undefined) return [];
    const own = statedFeature(value, name);
    const needed = statedFeature(value, needs);
    if (own?.value !== true || needed?.value !== false) return [];
    const [key, other] = [own.path.join("."), needed.path.join(".")];
    return [{
      path: own.path,
      message: `"${key}" is on and needs "${other}", which is off`,
      remedy: `Set "${other}": true, or take "${key}" out`,
    }];
  });
}

/** Says which switches have no effect: a twin that is overruled, a feature that this version does not have. Pure. */
export function featureNotices(value: unknown): string[] {
  return FEATURE_NAMES.flatMap((name) => [...overruled(value, name), ...missing(value, name)]);
}

function overruled(value: unknown, name: FeatureName): string[] {
  const { twin }: Feature = FEATURES[name];
  const stated = statedFeature(value, name);
  if (twin === undefined || stated === undefined || stated.path[0] !== "features") return [];
  const other = statedFeature({ ...Object(value), features: undefined }, name);
  if (other === undefined || other.value === stated.value) return [];
  return [`"${twin.join(".")}" is ignored: "features.${name}" says otherwise and wins`];
}

function missing(value: unknown, name: FeatureName): string[] {
  const { isMissing, summary }: Feature = FEATURES[name];
  const stated = statedFeature(value, name);
  if (isMissing !== true || stated?.value !== true) return [];
  return [
    `"${stated.path.join(".")}" has no effect: this version does not have it (${summary.toLowerCase()})`,
  ];
}
