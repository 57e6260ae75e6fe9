import { type Caller, type Config, didYouMean, GatewayError, type Permission } from "../../contracts/mod.ts";
import type { Platform } from "../../platform/mod.ts";
import type { TokenRepository, TokenRow } from "../../storage/mod.ts";
import { createScope, reachOf } from "./scope.ts";
import {
  hashToken,
  isToken,
  normalizePermissions,
  prefixOf,
  TOKEN_BYTES,
  toLifeMs,
  toToken,
} from "./token.ts";

/** What a new token is to be. */
export interface TokenRequest {
  readonly name: string;
  readonly servers: readonly string[];
  readonly permissions: readonly Permission[];
  readonly profile: string | undefined;
  /** Such as `30d`. */
  readonly expiresIn: string;
  readonly maxConcurrent: number;
}

/** A token that was just made; the only time that its text is known. */
export interface NewToken {
  readonly token: string;
  readonly row: TokenRow;
}

/** The agent tokens: who they let in, and how they come and go. */
export interface Tokens extends Disposable {
  /**
   * Names the caller behind a token.
   *
   * @returns `undefined` for a text that is no token of ours.
   * @throws {GatewayError} MCPX_UNAUTHORIZED if it is one and has expired or was revoked.
   */
  identify(token: string): Caller | undefined;
  /** Name of the token that a text is, or was until it ended; `undefined` for any other text. */
  nameOf(token: string): string | undefined;
  all(): readonly TokenRow[];
  /** @throws {GatewayError} MCPX_TOKEN_NOT_FOUND. */
  get(name: string): TokenRow;
  /** @throws {GatewayError} MCPX_TOKEN_EXISTS, MCPX_INVALID_INPUT. */
  create(request: TokenRequest): Promise<NewToken>;
  /** Ends a token, at once; it stays in the list. @throws {GatewayError} MCPX_TOKEN_NOT_FOUND. */
  revoke(name: string): Promise<TokenRow>;
  /** Ends a token and forgets it. @throws {GatewayError} MCPX_TOKEN_NOT_FOUND. */
  remove(name: string): Promise<void>;
  /** Gives a token another text, and its whole life anew; the old text ends at once. @throws {GatewayError} MCPX_TOKEN_NOT_FOUND. */
  regenerate(name: string): Promise<NewToken>;
  /** Scopes that another config makes narrower or wider end, and their callers come back. */
  onConfig(config: Config): void;
}

/** What the tokens work with. */
export interface TokensOptions {
  readonly platform: Pick<Platform, "clock" | "random">;
  readonly repository: TokenRepository;
  /** Key of the hashes; kept apart from the database. */
  readonly key: string;
  readonly config: Config;
}

interface Live {
  readonly row: TokenRow;
  readonly caller: Caller;
  readonly end: AbortController;
  readonly reach: ReadonlySet<string> | undefined;
  usedAt: number;
}

const MAX_TOKENS = 100;
/** Texts whose hash is known, so that a request costs a look into a map. */
const MAX_KNOWN = 500;
const TOUCH_MS = 60_000;
/** Timers count up to some weeks only, and clocks are set: the next expiry is looked for anew after this. */
const LONGEST_WAIT_MS = 3_600_000;

/** Opens the tokens over what storage has kept. */
export function openTokens(options: TokensOptions): Tokens {
  const { platform: { clock, random }, repository, key } = options;
  let { config } = options;
  const live = new Map<string, Live>();
  const known = new Map<string, string>();
  let timer: Disposable | undefined;

  function profileServers({ profile }: TokenRow): readonly string[] | undefined {
    return config.profiles.find(({ name }) => name === profile)?.servers;
  }

  function revive(row: TokenRow): Live {
    const end = new AbortController();
    const servers = profileServers(row);
    const scope = createScope(row, { profileServers: servers, ended: end.signal });
    const caller: Caller = { role: "agent", label: `token:${row.name}`, surface: "http", scope };
    return { row, caller, end, reach: reachOf(row, servers), usedAt: row.lastUsedAt ?? 0 };
  }

  function start(row: TokenRow): void {
    stop(row.hash, "The token was changed");
    live.set(row.hash, revive(row));
    watchExpiry();
  }

  function stop(hash: string, reason: string): void {
    const entry = live.get(hash);
    if (entry === undefined) return;
    live.delete(hash);
    known.clear();
    entry.end.abort(refused(entry.row.name, reason));
    watchExpiry();
  }

  /** Waits for the next expiry; long answers end with their token. */
  function watchExpiry(): void {
    timer?.[Symbol.dispose]();
    const now = clock.now();
    const waits = [...live.values()].filter(({ end }) => !end.signal.aborted)
      .map(({ row }) => Math.max(0, row.expiresAt - now));
    timer = waits.length === 0
      ? undefined
      : clock.after(Math.min(LONGEST_WAIT_MS, ...waits), () => endExpired());
  }

  function endExpired(): void {
    const now = clock.now();
    for (const { row, end } of live.values()) {
      if (row.expiresAt <= now && !end.signal.aborted) end.abort(refused(row.name, "has expired"));
    }
    watchExpiry();
  }

  function find(name: string): TokenRow {
    const row = repository.all().find((one) => one.name === name);
    if (row !== undefined) return row;
    const hint = didYouMean(name, repository.all().map((one) => one.name));
    throw new GatewayError(
      "MCPX_TOKEN_NOT_FOUND",
      `Cannot find token "${name}": no token has this name${hint}`,
      { details: { token: name } },
    );
  }

  async function make(row: Omit<TokenRow, "hash" | "prefix">): Promise<NewToken> {
    const token = toToken(random.bytes(TOKEN_BYTES));
    const whole: TokenRow = { ...row, hash: hashToken(token, key), prefix: prefixOf(token) };
    await repository.put(whole);
    start(whole);
    return { token, row: whole };
  }

  for (const row of repository.all()) if (row.revokedAt === undefined) start(row);

  return {
    identify(token) {
      const hash = known.get(token) ?? (isToken(token) ? hashToken(token, key) : undefined);
      const entry = hash === undefined ? undefined : live.get(hash);
      if (entry === undefined || hash === undefined) return revokedOne(repository, hash);
      const now = clock.now();
      if (entry.row.expiresAt <= now) throw refused(entry.row.name, "has expired");
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(token, hash);
      if (now - entry.usedAt >= TOUCH_MS) {
        entry.usedAt = now;
        repository.touch(entry.row.name, now);
      }
      return entry.caller;
    },
    nameOf(token) {
      const hash = isToken(token) ? hashToken(token, key) : undefined;
      return repository.all().find((row) => row.hash === hash)?.name;
    },
    all: () => repository.all(),
    get: find,
    async create(request) {
      if (repository.all().some(({ name }) => name === request.name)) throw exists(request.name);
      if (repository.all().length >= MAX_TOKENS) throw tooMany();
      requireKnown(request, config);
      const createdAt = clock.now();
      const { name, servers, profile, maxConcurrent } = request;
      return await make({
        name,
        servers: [...new Set(servers)],
        permissions: normalizePermissions(request.permissions),
        profile,
        maxConcurrent,
        createdAt,
        expiresAt: createdAt + toLifeMs(request.expiresIn),
        revokedAt: undefined,
        lastUsedAt: undefined,
      });
    },
    async revoke(name) {
      const row = { ...find(name), revokedAt: find(name).revokedAt ?? clock.now() };
      // In force before it is durable: whoever revokes a token wants it gone now.
      stop(row.hash, "was revoked");
      await repository.put(row);
      return row;
    },
    async remove(name) {
      const row = find(name);
      stop(row.hash, "was revoked");
      await repository.remove(name);
    },
    async regenerate(name) {
      const { hash, prefix: _prefix, ...row } = find(name);
      stop(hash, "was replaced");
      const createdAt = clock.now();
      const expiresAt = createdAt + (row.expiresAt - row.createdAt);
      return await make({ ...row, createdAt, expiresAt, revokedAt: undefined, lastUsedAt: undefined });
    },
    onConfig(next) {
      config = next;
      for (const { row, reach } of [...live.values()]) {
        if (!isSame(reach, reachOf(row, profileServers(row)))) start(row);
      }
    },
    [Symbol.dispose]() {
      timer?.[Symbol.dispose]();
      live.clear();
    },
  };
}

/** Tells the holder of a token that was revoked; to anybody else it looks like one that never was. */
function revokedOne(repository: TokenRepository, hash: string | undefined): undefined {
  const row = hash === undefined ? undefined : repository.all().find((one) => one.hash === hash);
  if (row === undefined) return undefined;
  throw refused(row.name, "was revoked");
}

function isSame(one: ReadonlySet<string> | undefined, other: ReadonlySet<string> | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.size === other.size && one.isSubsetOf(other);
}

function requireKnown({ servers, profile }: TokenRequest, config: Config): void {
  const names = config.mcpServers.map(({ name }) => name);
  const unknown = servers.find((name) => name !== "*" && !names.includes(name));
  if (unknown !== undefined) {
    throw new GatewayError(
      "MCPX_SERVER_NOT_FOUND",
      `Cannot make a token for server "${unknown}": no server has this name${didYouMean(unknown, names)}`,
      {
        details: { server: unknown },
      },
    );
  }
  if (profile === undefined || config.profiles.some(({ name }) => name === profile)) return;
  throw new GatewayError(
    "MCPX_PROFILE_NOT_FOUND",
    `Cannot make a token for profile "${profile}": no profile has this name${
      didYouMean(profile, config.profiles.map(({ name }) => name))
    }`,
    {
      details: { profile },
    },
  );
}

function refused(name: string, reason: string): GatewayError {
  return new GatewayError("MCPX_UNAUTHORIZED", `Cannot accept the request: token "${name}" ${reason}`, {
    remedy: `The owner of the gateway can make it anew: mcpproxy token regenerate ${name}`,
  });
}

function exists(name: string): GatewayError {
  return new GatewayError("MCPX_TOKEN_EXISTS", `Cannot make token "${name}": there is one of this name`, {
    remedy: `Choose another name, or type: mcpproxy token regenerate ${name}`,
    details: { token: name },
  });
}

function tooMany(): GatewayError {
  return new GatewayError("MCPX_INVALID_INPUT", `Cannot make the token: there are ${MAX_TOKENS} already`, {
    remedy: "Remove one that is not needed: mcpproxy token delete NAME",
  });
}
