import type { Node } from "jsonc-parser";
import { type ConfigPath, type ConfigProblem, type Locator, toPathText } from "./problems.ts";

/**
 * Finds keys that stand twice in one object. JSON takes the last of two equal
 * keys; a person who wrote both meant something else.
 */
export function duplicateKeys(node: Node, locator: Locator, path: ConfigPath = []): ConfigProblem[] {
  if (node.type === "array") {
    return (node.children ?? []).flatMap((child, index) => duplicateKeys(child, locator, [...path, index]));
  }
  if (node.type !== "object") return [];
  const seen = new Map<string, Node>();
  return (node.children ?? []).flatMap((property) => {
    const [key, value] = property.children ?? [];
    const name = String(key?.value);
    const here = [...path, name];
    const inside = value === undefined ? [] : duplicateKeys(value, locator, here);
    const first = seen.get(name);
    if (first !== undefined) return [problem(here, { first, second: property, locator }), ...inside];
    seen.set(name, property);
    return inside;
  });
}

function problem(
  path: ConfigPath,
  { first, second, locator }: { readonly first: Node; readonly second: Node; readonly locator: Locator },
): ConfigProblem {
  return {
    path: toPathText(path),
    ...locator.at(second.offset),
    message: `the key "${path.at(-1)}" stands here a second time, first in line ${
      locator.at(first.offset).line
    }`,
    remedy: "Remove or rename one of the two",
  };
}
