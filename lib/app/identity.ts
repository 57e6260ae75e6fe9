import type { ConfigService } from "../config/mod.ts";
import type { ActiveProfile, McpSessions } from "../management/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { createSignIn, openTokens, type SignIn, type Tokens } from "../security/mod.ts";
import type { Storage } from "../storage/mod.ts";

/** Who may come in, besides the holder of the admin key. */
export interface Identity {
  readonly tokens: Tokens;
  readonly signIn: SignIn;
  /** The profile for clients that choose none, for as long as this process runs. */
  readonly activeProfile: ActiveProfile & { onChange(listener: () => void): Disposable };
  /** The MCP clients there are; nobody is until an endpoint is served. */
  readonly mcpSessions: (() => McpSessions | undefined) & { serve(sessions: McpSessions): void };
}

/** Opens agent tokens and the sign-in of browsers. */
export function openIdentity(
  stack: AsyncDisposableStack,
  { platform, storage, config, tokenKey }: {
    readonly platform: Platform;
    readonly storage: Storage;
    readonly config: ConfigService;
    readonly tokenKey: string;
  },
): Identity {
  const { config: now } = config.snapshot();
  const tokens = stack.use(
    openTokens({ platform, repository: storage.tokens, key: tokenKey, config: now }),
  );
  stack.use(config.onChange(({ config: next }) => tokens.onConfig(next)));
  return {
    tokens,
    signIn: createSignIn(platform),
    activeProfile: createActiveProfile(),
    mcpSessions: createMcpSessions(),
  };
}

function createActiveProfile(): Identity["activeProfile"] {
  const listeners = new Set<() => void>();
  let active: string | undefined;
  return {
    get: () => active,
    set(name) {
      if (active === name) return;
      active = name;
      for (const listener of listeners) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}

/** Management is built before the endpoints that know the sessions. */
function createMcpSessions(): Identity["mcpSessions"] {
  let served: McpSessions | undefined;
  return Object.assign(() => served, {
    serve(sessions: McpSessions) {
      served = sessions;
    },
  });
}
