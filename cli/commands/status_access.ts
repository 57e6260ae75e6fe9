import type { Session } from "../session.ts";
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

/** Prints a link that signs a browser in once. */
export async function printWebUrl(session: Session): Promise<void> {
  const management = await session.management();
  const answer = await management.request("access.sign_in_code", {}, { signal: session.signal });
  await session.print(answer, () => `${answer.url}\n`);
  if (session.format === "table") await session.note("It signs one browser in, within a minute");
}
