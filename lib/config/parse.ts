import { type Config, ConfigSchema, ServerConfigSchema } from "../contracts/mod.ts";
import { duplicateKeys } from "./duplicates.ts";
import { featureNotices } from "./feature_rules.ts";
import { withoutMark } from "./mark.ts";
import { normalize, type ServersForm } from "./normalize.ts";
import { type ConfigProblem, createLocator, toConfigError } from "./problems.ts";
import { ruleProblems } from "./rules.ts";
import { schemaProblems } from "./schema_problems.ts";
import { parseSyntax } from "./syntax.ts";

/** A config as read from a text, not yet with environment and flags. */
export interface ParsedConfig {
  readonly config: Config;
  readonly form: ServersForm;
  /** Things to know that are no mistakes, such as deprecated keys. */
  readonly notices: readonly string[];
}

/**
 * Reads a config text: JSON with comments and trailing commas.
 *
 * Pure. An empty text gives the defaults.
 *
 * @param path Named in errors.
 * @throws {GatewayError} MCPX_CONFIG_PARSE_ERROR or MCPX_CONFIG_INVALID with every problem in `details.problems`.
 */
export function parseConfig(text: string, path: string): ParsedConfig {
  const clean = withoutMark(text);
  const root = parseSyntax(clean, path);
  const locator = createLocator(clean, root);
  if (root !== undefined && root.type !== "object") {
    const problem = {
      path: "",
      ...locator.at(root.offset),
      message: `found ${root.type}, wanted an object`,
      remedy: "Put the settings into { … }",
    };
    throw toConfigError("MCPX_CONFIG_INVALID", path, { problems: [problem] });
  }
  const { value, form, notices, place } = normalize(root);
  const { data, error } = ConfigSchema.safeParse(value);
  const problems = [
    ...(root === undefined ? [] : duplicateKeys(root, locator)),
    ...(error === undefined ? [] : schemaProblems(error, { value, locator, place })),
    ...ruleProblems({ value, locator, place }),
  ];
  if (data === undefined || problems.length > 0) {
    throw toConfigError("MCPX_CONFIG_INVALID", path, { problems: problems.sort(byPosition) });
  }
  return {
    config: data,
    form,
    notices: [...notices, ...deprecations(value, data), ...featureNotices(value)],
  };
}

function byPosition(a: ConfigProblem, b: ConfigProblem): number {
  return a.line - b.line || a.column - b.column;
}

/** The schema says of each field whether it is deprecated and what to use instead. */
function deprecations(value: Readonly<Record<string, unknown>>, { mcpServers }: Config): string[] {
  const notices: string[] = [];
  for (const [key, why] of deprecatedKeys(ConfigSchema.unwrap().shape)) {
    if (key in value) notices.push(`The config key "${key}" is deprecated: ${why}`);
  }
  for (const [key, why] of deprecatedKeys(ServerConfigSchema.shape)) {
    for (const server of mcpServers) {
      if (Reflect.get(server, key) === undefined) continue;
      notices.push(`The key "${key}" of server "${server.name}" is deprecated: ${why}`);
    }
  }
  return notices;
}

interface Described {
  meta(): { readonly description?: string } | undefined;
}

function deprecatedKeys(shape: Readonly<Record<string, Described>>): [string, string][] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const [, why] = /^Deprecated; (.+)$/.exec(schema.meta()?.description ?? "") ?? [];
    return why === undefined ? [] : [[key, why]];
  });
}
