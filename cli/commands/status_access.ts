import { confirm } from "../prompts/confirm.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";
import { toList, toPermissions } from "./token.ts";

/** What of a token can be said when it is made for a client. */
export interface SnippetOptions {
  readonly servers?: string;
  readonly permissions?: string;
  readonly profilePin?: string;
  readonly expires?: string;
}

/** Prints what to put into the file of an MCP client, with a token made for it. */
export async function printSnippet(client: string, options: SnippetOptions, session: Session): Promise<void> {
  const { servers, permissions, profilePin, expires } = options;
  const management = await session.management();
  const answer = await management.request("access.client_snippet", {
    client,
    ...(servers === undefined ? {} : { allowed_servers: toList(servers) }),
    ...(permissions === undefined ? {} : { permissions: toPermissions(permissions, "status") }),
    ...(profilePin === undefined ? {} : { profile_pin: profilePin }),
    ...(expires === undefined ? {} : { expires_in: expires }),
  }, { signal: session.signal });
  await session.print(answer, () => answer.snippet);
  if (session.format !== "table") return;
  await session.note(`Put it into ${answer.path}, which ${answer.title} reads`);
  await session.note(
    `Token "${answer.token}" was made for it and lasts until ${
      answer.expires_at.slice(0, 10)
    }; it is not shown again`,
  );
}

/** Makes a new admin key, after saying what goes by the old one. */
export async function resetKey(isSure: boolean, session: Session): Promise<void> {
  if (!isSure && !await isWanted(session)) return;
  const management = await session.management();
  const answer = await management.request("access.reset_key", {}, { signal: session.signal });
  await session.print(answer, () => `${answer.api_key}\n`);
  if (session.format !== "table") return;
  const when = management.kind === "remote" ? "at once" : "when mcpproxy starts";
  await session.note(`It is in force ${when}, and kept in ${answer.file}`);
  await session.note(GOES_BY_IT);
}

const GOES_BY_IT = "What sends the old key is refused (scripts, clients set up with it, MCPPROXY_API_KEY), " +
  "and browsers have to sign in anew; agent tokens, the socket and this command line go on";

async function isWanted(session: Session): Promise<boolean> {
  if (!session.terminal.isInteractive) {
    throw usageError("Cannot make a new admin key: nobody is there to confirm it, wanted --yes", "status");
  }
  await session.note(GOES_BY_IT);
  if (await confirm("Make a new admin key?", session.terminal)) return true;
  session.exitCode = 1;
  await session.note("Nothing was changed");
  return false;
}

/** Prints a link that signs a browser in once. */
export async function printWebUrl(session: Session): Promise<void> {
  const management = await session.management();
  const answer = await management.request("access.sign_in_code", {}, { signal: session.signal });
  await session.print(answer, () => `${answer.url}\n`);
  if (session.format === "table") await session.note("It signs one browser in, within a minute");
}
