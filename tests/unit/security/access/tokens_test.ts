import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { type Config, ConfigSchema } from "../../../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../../../lib/platform/mod.ts";
import { openTokens, type TokenRequest } from "../../../../lib/security/mod.ts";
import { toLifeMs } from "../../../../lib/security/access/token.ts";
import type { TokenRepository, TokenRow } from "../../../../lib/storage/mod.ts";
import { createManualClock } from "../../../support/manual_clock.ts";

const CONFIG = ConfigSchema.parse({
  mcpServers: [{ name: "one", url: "http://x/" }, { name: "two", url: "http://y/" }],
  profiles: [{ name: "dev", servers: ["one", "two"] }],
});

function memory(): TokenRepository {
  const rows = new Map<string, TokenRow>();
  return {
    all: () => [...rows.values()],
    put: (row) => Promise.resolve(void rows.set(row.name, row)),
    remove: (name) => Promise.resolve(void rows.delete(name)),
    touch(name, at) {
      const row = rows.get(name);
      if (row !== undefined) rows.set(name, { ...row, lastUsedAt: at });
    },
  };
}

function open({ repository = memory(), config = CONFIG, key = "k1" }: {
  repository?: TokenRepository;
  config?: Config;
  key?: string;
} = {}) {
  const clock = createManualClock();
  const platform = { clock, random: createDenoPlatform().random };
  return { tokens: openTokens({ platform, repository, key, config }), clock, repository };
}

function request(over: Partial<TokenRequest> = {}): TokenRequest {
  return {
    name: "bot",
    servers: ["*"],
    permissions: [],
    profile: undefined,
    expiresIn: "30d",
    maxConcurrent: 4,
    ...over,
  };
}

Deno.test("openTokens() makes tokens of 256 bits and keeps only their HMAC", async () => {
  const { tokens, repository } = open();
  using _tokens = tokens;

  const { token, row } = await tokens.create(request({ permissions: ["destructive"] }));

  match(token, /^mcp_agt_[0-9a-f]{64}$/);
  strictEqual(row.prefix, token.slice(0, 12));
  deepStrictEqual(row.permissions, ["read", "destructive"]);
  ok(!JSON.stringify(repository.all()).includes(token.slice(12)));
  const caller = tokens.identify(token);
  deepStrictEqual([caller?.role, caller?.label, caller?.scope?.token], ["agent", "token:bot", "bot"]);
  strictEqual(tokens.identify(token.replace(/.$/, (last) => last === "0" ? "1" : "0")), undefined);
  for (const text of ["", "mcp_agt_", token.toUpperCase(), `${token}0`, row.hash]) {
    strictEqual(tokens.identify(text), undefined);
  }
});

Deno.test("openTokens() knows the tokens again after a restart, but not under another key", async () => {
  const { tokens, repository } = open();
  const { token } = await tokens.create(request({ servers: ["one"] }));
  tokens[Symbol.dispose]();

  using again = open({ repository }).tokens;
  strictEqual(again.identify(token)?.scope?.includes("one"), true);
  using other = open({ repository, key: "k2" }).tokens;
  strictEqual(other.identify(token), undefined);
});

Deno.test("openTokens() ends a token at once when it is revoked, replaced, removed or too old", async () => {
  const { tokens, clock } = open();
  using _tokens = tokens;
  const make = async (name: string) => {
    const { token } = await tokens.create(request({ name, expiresIn: "1h" }));
    const ended = tokens.identify(token)?.scope?.ended;
    strictEqual(ended?.aborted, false);
    return { token, ended };
  };
  const revoked = await make("revoked");
  const replaced = await make("replaced");
  const removed = await make("removed");
  const old = await make("old");

  const revoking = tokens.revoke("revoked");
  strictEqual(revoked.ended?.aborted, true, "before it is on the disk");
  await revoking;
  const { token: fresh } = await tokens.regenerate("replaced");
  await tokens.remove("removed");

  throws(() => tokens.identify(revoked.token), { code: "MCPX_UNAUTHORIZED", message: /was revoked/ });
  strictEqual(tokens.identify(replaced.token), undefined);
  strictEqual(tokens.identify(removed.token), undefined);
  ok(replaced.ended?.aborted && removed.ended?.aborted);
  ok(tokens.identify(fresh) !== undefined && fresh !== replaced.token);

  clock.advance(3_600_000 - 1);
  strictEqual(old.ended?.aborted, false);
  clock.advance(1);
  strictEqual(old.ended?.aborted, true);
  throws(() => tokens.identify(old.token), { code: "MCPX_UNAUTHORIZED", message: /has expired/ });
  strictEqual(clock.pending, 0, "nothing waits when there is nothing to wait for");
});

Deno.test("openTokens() ends the scope of a pinned token when its profile changes, and no other", async () => {
  const { tokens } = open();
  using _tokens = tokens;
  const pinned = (await tokens.create(request({ name: "pinned", profile: "dev", servers: ["one"] }))).token;
  const free = (await tokens.create(request({ name: "free" }))).token;
  const before = [pinned, free].map((token) => tokens.identify(token)?.scope);
  deepStrictEqual(before.map((scope) => [scope?.includes("one"), scope?.includes("two")]), [
    [true, false],
    [true, true],
  ]);

  tokens.onConfig({ ...CONFIG, profiles: [{ name: "dev", servers: ["one"] }] });
  deepStrictEqual(before.map((scope) => scope?.ended.aborted), [false, false], "it reaches what it reached");
  tokens.onConfig({ ...CONFIG, profiles: [] });

  deepStrictEqual(before.map((scope) => scope?.ended.aborted), [true, false]);
  strictEqual(
    tokens.identify(pinned)?.scope?.includes("one"),
    false,
    "a profile that is gone leaves nothing",
  );
});

Deno.test("openTokens() refuses what makes no sense", async () => {
  const { tokens } = open();
  using _tokens = tokens;
  await tokens.create(request());

  await rejects(tokens.create(request()), { code: "MCPX_TOKEN_EXISTS" });
  await rejects(tokens.create(request({ name: "a", servers: ["three"] })), { code: "MCPX_SERVER_NOT_FOUND" });
  await rejects(tokens.create(request({ name: "a", profile: "x" })), { code: "MCPX_PROFILE_NOT_FOUND" });
  await rejects(tokens.create(request({ name: "a", expiresIn: "366d" })), { code: "MCPX_INVALID_INPUT" });
  await rejects(tokens.revoke("nobody"), { code: "MCPX_TOKEN_NOT_FOUND" });
  throws(() => tokens.get("nobody"), { code: "MCPX_TOKEN_NOT_FOUND" });
  for (let index = 1; index < 100; index++) await tokens.create(request({ name: `t${index}` }));
  await rejects(tokens.create(request({ name: "over" })), /100 already/);
});

Deno.test("openTokens() notes once a minute that a token was used", async () => {
  const { tokens, clock } = open();
  using _tokens = tokens;
  const { token } = await tokens.create(request());
  const uses: (number | undefined)[] = [];
  for (const waitMs of [0, 59_999, 1]) {
    clock.advance(waitMs);
    tokens.identify(token);
    uses.push(tokens.get("bot").lastUsedAt);
  }
  deepStrictEqual(uses, [1_000_000_000_000, 1_000_000_000_000, 1_000_000_060_000]);
});

Deno.test("toLifeMs() reads days and durations, up to a year", () => {
  deepStrictEqual(["1d", "365d", "12h", "90m"].map(toLifeMs), [
    86_400_000,
    31_536_000_000,
    43_200_000,
    5_400_000,
  ]);
  for (const text of ["", "0", "0d", "366d", "9000h", "-1d", "1w", "d", "1.5d"]) {
    throws(() => toLifeMs(text), { code: "MCPX_INVALID_INPUT" }, text);
  }
});
