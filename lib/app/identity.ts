import type { ConfigService } from "../config/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { createSignIn, openTokens, type SignIn, type Tokens } from "../security/mod.ts";
import type { Storage } from "../storage/mod.ts";

/** Who may come in, besides the holder of the admin key. */
export interface Identity {
  readonly tokens: Tokens;
  readonly signIn: SignIn;
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
  return { tokens, signIn: createSignIn(platform) };
}
