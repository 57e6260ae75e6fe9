import type { ServerConfig } from "../contracts/mod.ts";

const SECRET_NAME = /TOKEN|KEY|SECRET|PASS|PWD|AUTH|CREDENTIAL|COOKIE|SESSION|PRIVATE|DSN/i;
const SECRET_PARAMETER = /token|key|secret|pass|auth|sig|code|credential/i;
const REFERENCE_ONLY = /^(?:Bearer |Basic )?\$\{[^}]+\}$/;

/** Writes a value so that its owner recognises it and nobody else learns it; a bare reference is no secret. */
export function maskValue(value: string): string {
  if (value === "" || REFERENCE_ONLY.test(value)) return value;
  const characters = [...value];
  const shown = characters.length >= 8 ? characters.slice(-2).join("") : "";
  return `••••${shown} (${characters.length} chars)`;
}

/** The fields of an entry that can hold secrets, masked for display. */
export function maskServer(server: ServerConfig): Pick<ServerConfig, "env" | "headers" | "url" | "args"> {
  return {
    env: maskMap(server.env),
    headers: maskMap(server.headers),
    url: server.url === undefined ? undefined : maskUrl(server.url),
    args: maskArguments(server.args),
  };
}

function maskMap(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, SECRET_NAME.test(name) ? maskValue(value) : value]),
  );
}

function maskUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  const secret = [...url.searchParams].filter(([name]) => SECRET_PARAMETER.test(name));
  if (url.password === "" && url.username === "" && secret.length === 0) return text;
  if (url.username !== "") url.username = "****";
  if (url.password !== "") url.password = "****";
  for (const [name, value] of secret) url.searchParams.set(name, maskValue(value));
  return url.href;
}

/** Hides what follows a flag with a secret name, in both its forms. */
function maskArguments(args: readonly string[]): string[] {
  return args.map((argument, index) => {
    const [flag, ...rest] = argument.split("=");
    if (rest.length > 0 && flag?.startsWith("-") && SECRET_NAME.test(flag)) {
      return `${flag}=${maskValue(rest.join("="))}`;
    }
    const before = args[index - 1];
    const followsSecret = before !== undefined && /^--?[\w-]+$/.test(before) && SECRET_NAME.test(before);
    return followsSecret && !argument.startsWith("-") ? maskValue(argument) : argument;
  });
}
