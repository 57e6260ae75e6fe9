import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { GatewayError, ServerConfigSchema } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createRedactor, maskServer, maskValue, resolveServerSecrets } from "../../../lib/secrets/mod.ts";

const { files } = createDenoPlatform();

const server = (fields: Readonly<Record<string, unknown>>) =>
  ServerConfigSchema.parse({ name: "github", command: "npx", ...fields });

const sources = (env: Readonly<Record<string, string>> = {}, home = "/nowhere") => ({ env, files, home });

/** A credential by its shape only; put together here so that no scanner takes this file for a leak. */
const shaped = (start: string, length: number) => start + "a1B2c3D4".repeat(length / 8);

Deno.test("resolveServerSecrets() replaces references in every text of an entry", async () => {
  const directory = await Deno.makeTempDir({ prefix: "mp-secrets-" });
  try {
    await Deno.writeTextFile(join(directory, "one"), "from file\n");
    await Deno.writeTextFile(join(directory, "two"), "two lines\r\n\r\n");
    const { server: resolved, secrets } = await resolveServerSecrets(
      server({
        args: ["--key=${env:KEY}", "${env:UNSET:-fallback}", "$HOME ${PLAIN}"],
        env: { ONE: `\${file:${directory}/one}`, TWO: "${file:~/two}", KEY: "${env:KEY}" },
        url: "https://${env:HOST}/mcp",
        oauth: { client_secret: "${env:NESTED}" },
      }),
      sources({ KEY: "value of key", HOST: "example.test", NESTED: "${env:KEY}" }, directory),
    );

    deepStrictEqual(resolved.args, ["--key=value of key", "fallback", "$HOME ${PLAIN}"]);
    deepStrictEqual(resolved.env, { ONE: "from file", TWO: "two lines\r\n", KEY: "value of key" });
    strictEqual(resolved.url, "https://example.test/mcp");
    strictEqual(resolved.oauth?.client_secret, "${env:KEY}", "what came in is not looked at again");
    deepStrictEqual(secrets, ["value of key", "from file", "two lines\r\n", "example.test", "${env:KEY}"]);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("resolveServerSecrets() leaves the entry as it was and takes no default for a secret", async () => {
  const entry = server({ env: { A: "${env:UNSET:-plain}", B: "${env:EMPTY:-}" } });

  const { server: resolved, secrets } = await resolveServerSecrets(entry, sources({ EMPTY: "" }));

  deepStrictEqual(resolved.env, { A: "plain", B: "" });
  deepStrictEqual(secrets, []);
  strictEqual(entry.env.A, "${env:UNSET:-plain}");
});

Deno.test("resolveServerSecrets() tells of secrets that stand plainly in the entry", async () => {
  const { secrets } = await resolveServerSecrets(
    server({
      env: { GITHUB_TOKEN: "plain token", EMPTY_KEY: "", LEVEL: "debug", API_KEY: "${env:KEY:-none}" },
      headers: { Authorization: "Bearer plain bearer", Accept: "text/plain" },
      oauth: { client_secret: "plain client secret" },
    }),
    sources(),
  );

  deepStrictEqual(secrets, ["plain token", "plain bearer", "plain client secret"]);
});

Deno.test("resolveServerSecrets() asks for what is kept by name, and says how to keep it", async () => {
  const kept: Readonly<Record<string, string>> = { token: "kept value" };
  const keyring = (name: string) => {
    if (name === "locked") {
      throw new GatewayError("MCPX_SECRET_STORE", "Cannot read it", { remedy: "Unlock it" });
    }
    return Promise.resolve(kept[name]);
  };
  const entry = server({
    url: "https://h/?k=${keyring:token}",
    args: ["-k", "${keyring:token}"],
    headers: { Authorization: "Bearer ${keyring:token}" },
  });
  const { server: resolved, secrets } = await resolveServerSecrets(entry, { ...sources(), keyring });
  deepStrictEqual([resolved.url, resolved.args[1], resolved.headers.Authorization], [
    "https://h/?k=kept value",
    "kept value",
    "Bearer kept value",
  ]);
  deepStrictEqual(secrets, ["kept value"]);

  for (const [name, remedy] of [["none", "mcpproxy secrets set none"], ["locked", "Unlock it"]]) {
    const lost = server({ env: { A: `\${keyring:${name}}` } });
    await rejects(resolveServerSecrets(lost, { ...sources(), keyring }), { remedy });
  }
});

Deno.test("createRedactor() hides a key file that is shown line by line", () => {
  const redactor = createRedactor();
  using _key = redactor.add("-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\n  9w0BAQEFAASCBKcwggSj\nshort\n");

  strictEqual(redactor.redact("12 MIIEvQIBADANBgkqhkiG"), "12 ***REDACTED***");
  strictEqual(redactor.redact("9w0BAQEFAASCBKcwggSj"), "***REDACTED***");
  strictEqual(redactor.redact("short"), "short");
});

Deno.test("resolveServerSecrets() names every reference that leads nowhere", async () => {
  const entry = server({
    args: ["x", "${env:MISSING}"],
    env: { A: "${file:/no/such/file}", B: "${keyring:token}", C: "${env:EMPTY}", D: "${file:relative}" },
    headers: { E: "${env:constructor}", F: "${env:}" },
  });

  await rejects(resolveServerSecrets(entry, sources({ EMPTY: "" })), (error) => {
    ok(error instanceof GatewayError);
    strictEqual(error.code, "MCPX_CONFIG_MISSING_SECRET");
    strictEqual(
      error.message,
      'Cannot start server "github": ${env:MISSING} in "args[1]" is not set (and 6 more)',
    );
    strictEqual(error.remedy, "Set the environment variable MISSING where mcpproxy is started");
    strictEqual(error.details.server, "github");
    ok(Array.isArray(error.details.missing));
    deepStrictEqual(error.details.missing.map((one) => `${one.field} ${one.reference}`), [
      "args[1] ${env:MISSING}",
      "env.A ${file:/no/such/file}",
      "env.B ${keyring:token}",
      "env.C ${env:EMPTY}",
      "env.D ${file:relative}",
      "headers.E ${env:constructor}",
      "headers.F ${env:}",
    ]);
    ok(error.details.missing.every((one) => one.remedy.length > 0));
    return true;
  });
});

Deno.test("createRedactor() hides the secrets it was told", () => {
  const redactor = createRedactor();
  using _short = redactor.add("12345");
  using _part = redactor.add("s3cret");
  using _long = redactor.add("s3cret-value-and-more");
  using _odd = redactor.add('a "b" $& c\nd');

  strictEqual(redactor.redact("12345 stays"), "12345 stays");
  strictEqual(
    redactor.redact("x s3cret-value-and-more y s3cret z"),
    "x ***REDACTED*** y ***REDACTED*** z",
  );
  strictEqual(redactor.redact('a "b" $& c\nd!'), "***REDACTED***!");
  strictEqual(redactor.redact(JSON.stringify({ k: 'a "b" $& c\nd' })), '{"k":"***REDACTED***"}');
  strictEqual(redactor.redact(`?k=${encodeURIComponent('a "b" $& c\nd')}&x`), "?k=***REDACTED***&x");
});

Deno.test("createRedactor() forgets a secret when everyone who added it has", () => {
  const redactor = createRedactor();
  const first = redactor.add("shared secret");
  const second = redactor.add("shared secret");

  first[Symbol.dispose]();
  first[Symbol.dispose]();
  strictEqual(redactor.redact("shared secret"), "***REDACTED***");
  second[Symbol.dispose]();
  strictEqual(redactor.redact("shared secret"), "shared secret");
});

Deno.test("createRedactor() hides what looks like a credential, to its end", () => {
  const redactor = createRedactor();
  const credentials = [
    `Bearer ${shaped("", 16)}`,
    `bearer ${shaped("", 8000)}`,
    shaped("mcp_agt_", 40),
    shaped("ghp_", 40),
    shaped("gho_", 4000),
    shaped("github_pat_", 80),
    shaped("sk-", 48),
    shaped("sk-ant-api03-", 96),
    shaped("xoxb-", 24),
    "AKIA" + "ABCDEFGH12345678",
    `${shaped("eyJ", 16)}.${shaped("eyJ", 9000)}.${shaped("", 40)}`,
  ];
  for (const credential of credentials) {
    strictEqual(
      redactor.redact(`before ${credential}, after`),
      "before ***REDACTED***, after",
      credential.slice(0, 20),
    );
  }
  for (
    const plain of ["the task-list is long", "a bearer of news", "eyJ.x.y", "ghp_short", "/usr/bin/sk-x"]
  ) {
    strictEqual(redactor.redact(plain), plain);
  }
});

Deno.test("createRedactor() takes time in proportion to the text", () => {
  const redactor = createRedactor();
  const pieces = [
    "-eyJ",
    "eyJa.",
    "-eyJaaaaaaaaaaaa.",
    "Bearer ",
    "Bearer a",
    "xoxb-",
    "sk-",
    "-sk-a",
    "ghp_",
    "a",
  ];
  const time = (text: string) => {
    const start = performance.now();
    redactor.redact(text);
    return performance.now() - start;
  };
  for (const piece of pieces) {
    const text = piece.repeat(256 * 1024 / piece.length);
    // A pattern that goes back over the text needs seconds here; the best of three leaves a busy machine out.
    const best = Math.min(time(text), time(text), time(text));
    ok(best < 250, `${piece}: ${best} ms`);
  }
});

Deno.test("maskValue() shows the owner which value it is and nobody what", () => {
  strictEqual(maskValue("abcdefghij"), "••••ij (10 chars)");
  strictEqual(maskValue("abcdefg"), "•••• (7 chars)");
  strictEqual(maskValue("12345678😀"), "••••8😀 (9 chars)");
  strictEqual(maskValue(""), "");
  for (const same of ["${env:A}", "${keyring:a}", "Bearer ${env:A}", "${env:A}${file:/b}", "${env:A:-}"]) {
    strictEqual(maskValue(same), same);
  }
  strictEqual(maskValue("${env:A:-hunter2!}"), "${env:A:-****}");
  ok(!maskValue("x${env:A:-hunter2!}").includes("hunter"));
});

Deno.test("maskServer() hides secrets by name, by place and by shape", () => {
  const secret = "hunter2-hunter2";
  const shapedSecret = shaped("ghp_", 40);
  const shown = maskServer(server({
    env: {
      GITHUB_TOKEN: secret,
      GH_PAT: secret,
      DATABASE_URL: `postgres://me:${secret}@db/x`,
      ANYTHING: shapedSecret,
      API_KEY: "${env:API_KEY}",
      PATH: "/usr/bin",
    },
    headers: { Authorization: `Bearer ${secret}`, "X-Api-Key": secret, Cookie: secret, Accept: "text/plain" },
    url:
      `https://me:${secret}@example.test/mcp?api_key=${secret}&page=2&token=\${env:T}#access_token=${secret}`,
    args: [
      "-y",
      `--token=${secret}`,
      "--api-key",
      secret,
      "-e",
      `GITHUB_TOKEN=${secret}`,
      "--header",
      `Authorization: Bearer ${secret}`,
      `X-Api-Key:${secret}`,
      `postgres://me:${secret}@db/x`,
      "--config-file=/etc/x",
      shapedSecret,
      "--auth",
      "--verbose",
      "${env:A}",
    ],
  }));

  const text = JSON.stringify(shown);
  ok(!text.includes("hunter2") && !text.includes(shapedSecret), text);
  strictEqual(shown.env.DATABASE_URL, "postgres://****@db/x");
  strictEqual(shown.env.API_KEY, "${env:API_KEY}");
  strictEqual(shown.env.PATH, "/usr/bin");
  strictEqual(shown.headers.Accept, "text/plain");
  strictEqual(
    shown.url,
    "https://****@example.test/mcp?api_key=****&page=2&token=${env:T}#access_token=****",
  );
  deepStrictEqual(shown.args[0], "-y");
  deepStrictEqual(shown.args.slice(-2), ["--verbose", "${env:A}"]);
});

Deno.test("maskServer() leaves a URL without secrets as it is written", () => {
  const urls = [
    "https://example.test/mcp?page=2&q=a%20b",
    "https://${env:HOST}/mcp",
    "https://${env:USER}:${env:PASS}@example.test/@me",
    "HTTP://EXAMPLE.test",
  ];
  for (const url of urls) strictEqual(maskServer(server({ url })).url, url);
});
