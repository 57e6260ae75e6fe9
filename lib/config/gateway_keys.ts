import { EMPTY_IS_ABSENT, expandTopLevel, TOP_LEVEL_TEXTS, type TopLevelTexts } from "./expand.ts";
import { withoutMark } from "./mark.ts";

/**
 * Reads the settings that say where a gateway is found, and nothing else of a
 * config: no schema is loaded, and what is wrong elsewhere does not matter.
 *
 * @param path Named in errors.
 * @returns Only what is stated and is a text, with variables replaced.
 * @throws If the text is no JSON with comments, or a variable is not set.
 */
export async function readGatewayKeys(
  text: string,
  env: Readonly<Record<string, string>>,
  path: string,
): Promise<TopLevelTexts> {
  const root: unknown = await readLoosely(withoutMark(text));
  const stated = TOP_LEVEL_TEXTS.flatMap((key): [string, string][] => {
    const value: unknown = Reflect.get(Object(root), key);
    return typeof value !== "string" || (value === "" && EMPTY_IS_ABSENT.has(key)) ? [] : [[key, value]];
  });
  return expandTopLevel<TopLevelTexts>(Object.fromEntries(stated), env, path);
}

/** Most configs are plain JSON; what reads comments is loaded for the others. */
async function readLoosely(text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    const { parseLooseJsonc } = await import("./loose_jsonc.ts");
    return parseLooseJsonc(text);
  }
}
