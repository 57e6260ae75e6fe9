import { type ServerConfig, splitReferences } from "../contracts/mod.ts";
import { isSecretName, isSecretParameter, replaceShapes } from "./shapes.ts";

const SHORT = "****";
/** Words before a credential that are none themselves. */
const SCHEME = /^(?:Bearer|Basic|Token) (?=\S)/i;

/**
 * Writes a value so that its owner recognises it and nobody else learns it.
 *
 * References are no secrets and stay as they are, save for their defaults. The
 * last two characters show from a length of 8 on.
 */
export function maskValue(value: string): string {
  const scheme = SCHEME.exec(value)?.[0] ?? "";
  const parts = splitReferences(value.slice(scheme.length));
  if (parts.some((part) => typeof part === "string")) return maskText(value);
  return scheme + parts.map((part) => {
    if (typeof part === "string") return part;
    return part.fallback ? part.text.replace(`:-${part.fallback}`, `:-${SHORT}`) : part.text;
  }).join("");
}

function maskText(value: string): string {
  const characters = [...value];
  const shown = characters.length >= 8 ? characters.slice(-2).join("") : "";
  return `••••${shown} (${characters.length} chars)`;
}

/** The fields of an entry that can hold secrets, masked for display. */
export function maskServer(
  server: Pick<ServerConfig, "env" | "headers" | "url" | "args">,
): Pick<ServerConfig, "env" | "headers" | "url" | "args"> {
  return {
    env: maskMap(server.env),
    headers: maskMap(server.headers),
    url: server.url === undefined ? undefined : maskInside(server.url),
    args: maskArguments(server.args),
  };
}

function maskMap(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, maskNamed(name, value)]));
}

/** Masks a value by the name it goes under; a harmless name can still hold a URL with a password. */
export function maskNamed(name: string, value: string): string {
  return isSecretName(name) ? maskValue(value) : maskInside(value);
}

/** Hides what a harmless name can still hold: user and parameters of a URL, and known shapes. */
function maskInside(text: string): string {
  const clean = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? maskUrl(text) : text;
  return replaceShapes(clean, maskValue);
}

/** Works on the text, because a URL with references in it is none yet. */
function maskUrl(text: string): string {
  const [head = "", ...query] = text.split(/(?=[?#])/);
  const start = head.indexOf("://") + 3;
  const slash = head.indexOf("/", start);
  const host = slash < 0 ? head.slice(start) : head.slice(start, slash);
  const at = host.lastIndexOf("@");
  const place = at < 0 ? host : maskUser(host.slice(0, at)) + host.slice(at);
  const masked = query.join("").replace(
    /([?#&])([^=&#?]+)=([^&#]*)/g,
    (whole, mark: string, name: string, value: string) =>
      isSecretParameter(name) && !isReference(value) && value !== "" ? `${mark}${name}=${SHORT}` : whole,
  );
  return head.slice(0, start) + place + (slash < 0 ? "" : head.slice(slash)) + masked;
}

function maskUser(user: string): string {
  const isHarmless = splitReferences(user).every((part) =>
    typeof part === "string" ? part === ":" : isReference(part.text)
  );
  return isHarmless ? user : SHORT;
}

function isReference(text: string): boolean {
  return text !== "" && maskValue(text) === text;
}

/** Hides what follows a flag, variable or header with a secret name, in all the ways it can be written. */
export function maskArguments(args: readonly string[]): string[] {
  return args.map((argument, index) => {
    const [, name, separator, value] = /^([\w-]+)(=|: ?)(.+)$/s.exec(argument) ?? [];
    if (name !== undefined && value !== undefined && isSecretName(name)) {
      return `${name}${separator}${maskValue(value)}`;
    }
    if (name !== undefined && value !== undefined && separator === "=") return `${name}=${maskInside(value)}`;
    const before = args[index - 1];
    const followsFlag = before !== undefined && /^--?[\w-]+$/.test(before) && isSecretName(before);
    return followsFlag && !argument.startsWith("-") ? maskValue(argument) : maskInside(argument);
  });
}
