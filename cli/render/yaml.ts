import { stringify } from "yaml";

/** Writes a value as YAML. Loaded when it is asked for. */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
