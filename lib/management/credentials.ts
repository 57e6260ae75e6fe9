import type { ManagementOptions } from "./options.ts";

/** Something that lets one client in. */
export interface Credential {
  readonly text: string;
  /** Name of the agent token. */
  readonly name?: string;
  readonly warnings: readonly string[];
}

/** Makes and takes back what lets clients in. */
export interface Credentials {
  /** Whether a client on TCP is let in by a credential only. */
  areAsked(): boolean;
  /** Makes one for a client; `undefined` if none is asked for. */
  issue(client: string): Promise<Credential | undefined>;
  /** Ends one. @returns Its name, if it was known. */
  withdraw(text: string): Promise<string | undefined>;
}

/** Credentials as the config asks for them. */
export function createCredentials({ config, facts }: ManagementOptions): Credentials {
  const areAsked = () => config.snapshot().config.require_mcp_auth;
  return {
    areAsked,
    issue: () =>
      Promise.resolve(
        areAsked() ? { text: facts.apiKey(), warnings: ["The entry holds the admin key"] } : undefined,
      ),
    withdraw: () => Promise.resolve(undefined),
  };
}
