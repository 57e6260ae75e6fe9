import { deepStrictEqual, ok } from "node:assert/strict";
import { SENSITIVE_KINDS } from "../../../lib/security/mod.ts";
import { ALNUM, chance, detector } from "./sensitive_fixture.ts";

const DIGITS = "0123456789";
const HEX = "0123456789abcdef";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** How a sample of each kind is written; put together here, so that this file holds no secret. */
const SAMPLES: Readonly<Record<string, (pick: (alphabet: string, length: number) => string) => string>> = {
  aws_access_key: (p) => `AKIA${p(UPPER, 16)}`,
  aws_secret_key: (p) => `aws_secret_access_key = ${p(ALNUM, 40)}`,
  aws_session_token: (p) => `aws_session_token="${p(ALNUM, 120)}"`,
  gcp_api_key: (p) => `AIza${p(ALNUM, 35)}`,
  gcp_service_account: () => '{"type": "service_account"}',
  gcp_oauth_secret: (p) => `GOCSPX-${p(ALNUM, 28)}`,
  google_oauth_token: (p) => `ya29.${p(ALNUM, 80)}`,
  azure_client_secret: (p) => `${p(ALNUM, 3)}8Q~${p(ALNUM, 34)}`,
  azure_connection_string: (p) => `AccountName=a;AccountKey=${p(ALNUM, 86)}==`,
  azure_shared_access_key: (p) => `SharedAccessKey=${p(ALNUM, 43)}=`,
  azure_sas_token: (p) => `https://a.blob.core.windows.net/c?sv=2024-01-01&sr=b&sig=${p(ALNUM, 44)}`,
  alibaba_access_key: (p) => `LTAI${p(ALNUM, 20)}`,
  digitalocean_token: (p) => `dop_v1_${p(HEX, 64)}`,
  heroku_api_key: (p) => `HRKU-${p(HEX, 36)}`,
  cloudflare_origin_key: (p) => `v1.0-${p(HEX, 24)}-${p(HEX, 146)}`,
  ibm_cloud_key: (p) => `ibm_api_key: ${p(ALNUM, 44)}`,
  doppler_token: (p) => `dp.pt.${p(ALNUM, 43)}`,
  vault_token: (p) => `hvs.${p(ALNUM, 90)}`,
  terraform_cloud_token: (p) => `${p(ALNUM, 14)}.atlasv1.${p(ALNUM, 65)}`,
  pulumi_token: (p) => `pul-${p(HEX, 40)}`,
  age_secret_key: (p) => `AGE-SECRET-KEY-1${p("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)}`,
  rsa_private_key: () => "-----BEGIN RSA PRIVATE KEY-----",
  ec_private_key: () => "-----BEGIN EC PRIVATE KEY-----",
  dsa_private_key: () => "-----BEGIN DSA PRIVATE KEY-----",
  openssh_private_key: () => "-----BEGIN OPENSSH PRIVATE KEY-----",
  pgp_private_key: () => "-----BEGIN PGP PRIVATE KEY BLOCK-----",
  pkcs8_private_key: () => "-----BEGIN ENCRYPTED PRIVATE KEY-----",
  private_key: () => "-----BEGIN ED25519 PRIVATE KEY-----",
  putty_private_key: () => "PuTTY-User-Key-File-3: ssh-ed25519",
  github_pat: (p) => `ghp_${p(ALNUM, 36)}`,
  github_oauth: (p) => `gho_${p(ALNUM, 36)}`,
  github_app: (p) => `ghs_${p(ALNUM, 36)}`,
  github_refresh: (p) => `ghr_${p(ALNUM, 76)}`,
  gitlab_pat: (p) => `glpat-${p(ALNUM, 20)}`,
  bitbucket_token: (p) => `ATBB${p(ALNUM, 32)}`,
  atlassian_token: (p) => `ATATT3${p(ALNUM, 180)}`,
  stripe_key: (p) => `sk_live_${p(ALNUM, 24)}`,
  stripe_webhook_secret: (p) => `whsec_${p(ALNUM, 32)}`,
  square_token: (p) => `sq0atp-${p(ALNUM, 22)}`,
  paypal_token: (p) => `access_token$production$${p("abcdefghij0123456789", 16)}$${p(HEX, 32)}`,
  slack_token: (p) => `xoxb-${p(DIGITS, 12)}-${p(ALNUM, 24)}`,
  slack_app_token: (p) => `xapp-1-A${p(UPPER, 10)}-${p(DIGITS, 13)}-${p(HEX, 64)}`,
  slack_webhook: (p) => `https://hooks.slack.com/services/T${p(UPPER, 8)}/B${p(UPPER, 10)}/${p(ALNUM, 24)}`,
  discord_bot_token: (p) => `discord M${p(ALNUM, 23)}.${p(ALNUM, 6)}.${p(ALNUM, 30)}`,
  discord_webhook: (p) => `https://discord.com/api/webhooks/${p("123456789", 18)}/${p(ALNUM, 68)}`,
  teams_webhook: (p) =>
    `https://a.webhook.office.com/webhookb2/${p(HEX, 36)}@${p(HEX, 36)}/IncomingWebhook/${p(HEX, 32)}/${
      p(HEX, 36)
    }`,
  telegram_bot_token: (p) => `${p("123456789", 9)}:AA${p(ALNUM, 33)}`,
  sendgrid_key: (p) => `SG.${p(ALNUM, 22)}.${p(ALNUM, 43)}`,
  mailgun_key: (p) => `key-${p(HEX, 32)}`,
  mailchimp_key: (p) => `${p(HEX, 32)}-us12`,
  twilio_key: (p) => `SK${p(HEX, 32)}`,
  npm_token: (p) => `npm_${p(ALNUM, 36)}`,
  pypi_token: (p) => `pypi-AgEIcHlwaS5vcmc${p(ALNUM, 80)}`,
  rubygems_token: (p) => `rubygems_${p(HEX, 48)}`,
  cargo_token: (p) => `cio${p(ALNUM, 32)}`,
  docker_token: (p) => `dckr_pat_${p(ALNUM, 27)}`,
  openai_key: (p) => `sk-proj-${p(ALNUM, 64)}`,
  anthropic_key: (p) => `sk-ant-api03-${p(ALNUM, 95)}`,
  google_ai_key: (p) => `GEMINI_API_KEY=AIza${p(ALNUM, 35)}`,
  xai_key: (p) => `xai-${p(ALNUM, 80)}`,
  groq_key: (p) => `gsk_${p(ALNUM, 52)}`,
  huggingface_token: (p) => `hf_${p(ALNUM, 34)}`,
  huggingface_org_token: (p) => `api_org_${p(ALNUM, 34)}`,
  replicate_key: (p) => `r8_${p(ALNUM, 37)}`,
  perplexity_key: (p) => `pplx-${p(ALNUM, 48)}`,
  fireworks_key: (p) => `fw_${p(ALNUM, 24)}`,
  anyscale_key: (p) => `esecret_${p(ALNUM, 26)}`,
  openrouter_key: (p) => `sk-or-v1-${p(HEX, 64)}`,
  mistral_key: (p) => `MISTRAL_API_KEY=${p(ALNUM, 32)}`,
  cohere_key: (p) => `COHERE_API_KEY: "${p(ALNUM, 40)}"`,
  deepseek_key: (p) => `DEEPSEEK_API_KEY=sk-${p(ALNUM, 32)}`,
  together_key: (p) => `TOGETHER_API_KEY=${p(HEX, 64)}`,
  tavily_key: (p) => `tvly-dev-${p(ALNUM, 32)}`,
  firecrawl_key: (p) => `fc-${p(HEX, 32)}`,
  langsmith_key: (p) => `lsv2_pt_${p(HEX, 32)}_${p(HEX, 10)}`,
  notion_token: (p) => `ntn_${p(ALNUM, 46)}`,
  linear_key: (p) => `lin_api_${p(ALNUM, 40)}`,
  figma_token: (p) => `figd_${p(ALNUM, 43)}`,
  airtable_token: (p) => `pat${p(ALNUM, 14)}.${p(HEX, 64)}`,
  asana_token: (p) => `1/${p("123456789", 16)}:${p(HEX, 32)}`,
  postman_key: (p) => `PMAK-${p(HEX, 24)}-${p(HEX, 34)}`,
  sentry_token: (p) => `sntrys_${p(ALNUM, 90)}`,
  grafana_token: (p) => `glsa_${p(ALNUM, 32)}_${p(HEX, 8)}`,
  newrelic_key: (p) => `NRAK-${p(UPPER, 27)}`,
  datadog_key: (p) => `DD_API_KEY=${p(HEX, 32)}`,
  shopify_token: (p) => `shpat_${p(HEX, 32)}`,
  supabase_key: (p) => `sbp_${p(HEX, 40)}`,
  planetscale_token: (p) => `pscale_tkn_${p(ALNUM, 43)}`,
  databricks_token: (p) => `dapi${p(HEX, 32)}`,
  netlify_token: (p) => `nfp_${p(ALNUM, 36)}`,
  vercel_token: (p) => `vcp_${p(ALNUM, 56)}`,
  flyio_token: (p) => `fo1_${p(ALNUM, 43)}`,
  facebook_token: (p) => `EAAM${p(ALNUM, 120)}`,
  dynatrace_token: (p) => `dt0c01.${p(UPPER, 24)}.${p(UPPER, 64)}`,
  okta_token: (p) => `Authorization: SSWS 00${p(ALNUM, 40)}`,
  zapier_webhook: (p) => `https://hooks.zapier.com/hooks/catch/${p("123456789", 7)}/${p("abcdefgh", 7)}`,
  mcpproxy_token: (p) => `mcp_agt_${p(ALNUM, 43)}`,
  jwt_token: (p) => `eyJ${p(ALNUM, 33)}.eyJ${p(ALNUM, 60)}.${p(ALNUM, 43)}`,
  bearer_token: (p) => `Authorization: Bearer ${p(ALNUM, 40)}`,
  basic_auth: (p) => `Authorization: Basic ${p(ALNUM, 24)}==`,
  url_password: (p) => `https://deploy:${p(ALNUM, 16)}@git.acme.io/r.git`,
  mysql_connection: (p) => `mysql://root:${p(ALNUM, 16)}@db:3306/a`,
  postgres_connection: (p) => `postgresql://app:${p(ALNUM, 16)}@db:5432/a`,
  mongodb_connection: (p) => `mongodb+srv://app:${p(ALNUM, 16)}@c.acme.io/a`,
  redis_connection: (p) => `redis://:${p(ALNUM, 16)}@cache:6379`,
  mssql_connection: (p) => `sqlserver://sa:${p(ALNUM, 16)}@db:1433`,
  database_password: (p) => `Server=db;Database=a;User Id=sa;Password=${p(ALNUM, 14)};`,
  ssh_key_file: () => "/home/ann/.ssh/id_ed25519",
  aws_credentials_file: () => "~/.aws/credentials",
  gcp_credentials_file: () => "~/.config/gcloud/application_default_credentials.json",
  azure_credentials_file: () => "~/.azure/msal_token_cache.json",
  kubeconfig_file: () => "/root/.kube/config",
  docker_config_file: () => "~/.docker/config.json",
  env_file: () => "/srv/app/.env.production",
  keystore_file: () => "/etc/ssl/private/server.p12",
  git_credentials_file: () => "~/.git-credentials",
  registry_credentials_file: () => "/root/.npmrc",
  keychain_file: () => "/Library/Keychains/System.keychain",
  system_password_file: () => "/etc/shadow",
};

Deno.test("Detector.find() knows every kind of its table, whatever the sample", () => {
  const kinds = SENSITIVE_KINDS.map(({ kind }) => kind);
  ok(kinds.length >= 100);
  deepStrictEqual(Object.keys(SAMPLES).sort(), [...kinds].sort());

  const missed: string[] = [];
  for (const [kind, write] of Object.entries(SAMPLES)) {
    for (let seed = 1; seed <= 5; seed++) {
      const secret = write((alphabet, length) => chance(alphabet, length, seed * 97 + length));
      const { findings } = detector.find(`The config has ${secret} in it.`);
      if (!findings.some((finding) => finding.kind === kind)) {
        missed.push(`${kind}: ${secret} → ${JSON.stringify(findings)}`);
      }
    }
  }
  deepStrictEqual(missed, []);
});
