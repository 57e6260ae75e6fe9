/**
 * What secrets look like. Each pattern is a fixed start and a bounded class of
 * characters, so none can take more than linear time; each is tried only where
 * one of its words is in the text.
 *
 * @module
 */

import { kinds, type SensitiveKind } from "./kind.ts";
import { TOKEN_KINDS } from "./token_kinds.ts";

const CLOUD = kinds("cloud_credentials", [
  [
    "aws_access_key",
    "critical",
    "akia asia abia acca agpa aida aroa aipa anpa anva",
    /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|AIPA|ANPA|ANVA)[A-Z2-7]{16}(?![A-Z0-9])/g,
  ],
  [
    "aws_secret_key",
    "critical",
    "aws secret",
    /\baws.{0,20}?(?:secret|private).{0,20}?["'=:\s]{1,5}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/gi,
  ],
  [
    "aws_session_token",
    "critical",
    "session_token sessiontoken",
    /\baws_?session_?token["'\s]{0,3}[=:]\s{0,3}["']?([A-Za-z0-9/+=]{80,1000})/gi,
  ],
  ["gcp_api_key", "high", "aiza", /(?<![\w-])AIza[\w-]{35}(?![\w-])/g],
  ["gcp_service_account", "critical", "service_account", /"type"\s{0,5}:\s{0,5}"service_account"/g],
  ["gcp_oauth_secret", "critical", "gocspx-", /(?<![\w-])GOCSPX-[\w-]{20,40}/g],
  ["google_oauth_token", "high", "ya29.", /(?<![\w-])ya29\.[\w-]{20,500}/g],
  ["azure_client_secret", "high", "8q~ 7q~ q~", /(?<![\w.~-])[\w.~-]{3}[78]Q~[\w.~-]{31,34}(?![\w.~-])/g],
  ["azure_connection_string", "critical", "accountkey=", /\bAccountKey=([A-Za-z0-9+/]{60,100}={0,2})/gi],
  [
    "azure_shared_access_key",
    "critical",
    "sharedaccesskey=",
    /\bSharedAccessKey=([A-Za-z0-9+/]{40,60}={0,2})/gi,
  ],
  ["azure_sas_token", "high", "sig=", /[?&]sv=\d{4}-\d\d-\d\d[^\s"']{0,300}?&sig=([A-Za-z0-9%+/=]{40,100})/g],
  ["alibaba_access_key", "critical", "ltai", /(?<![A-Za-z0-9])LTAI[A-Za-z0-9]{17,21}(?![A-Za-z0-9])/g],
  ["digitalocean_token", "critical", "dop_v1_ doo_v1_ dor_v1_", /(?<!\w)do[por]_v1_[a-f0-9]{64}(?!\w)/g],
  ["heroku_api_key", "critical", "hrku-", /(?<![\w-])HRKU-[\w-]{36,60}/g],
  ["cloudflare_origin_key", "critical", "v1.0-", /(?<!\w)v1\.0-[a-f0-9]{24}-[a-f0-9]{146}(?!\w)/g],
  ["ibm_cloud_key", "high", "ibm", /\bibm.{0,20}?(?:key|iam).{0,5}?["'=:\s]{1,5}([\w-]{44})(?![\w-])/gi],
  [
    "doppler_token",
    "critical",
    "dp.pt. dp.st. dp.ct.",
    /(?<![\w.])dp\.(?:pt|st|ct|sa)\.(?:[\w-]{1,30}\.)?[A-Za-z0-9]{40,44}(?!\w)/g,
  ],
  ["vault_token", "critical", "hvs. hvb. hvr.", /(?<![\w.])hv[sbr]\.[\w-]{24,300}/g],
  ["terraform_cloud_token", "critical", "atlasv1", /(?<!\w)[A-Za-z0-9]{14}\.atlasv1\.[\w-]{60,70}/g],
  ["pulumi_token", "critical", "pul-", /(?<![\w-])pul-[a-f0-9]{40}(?!\w)/g],
  [
    "age_secret_key",
    "critical",
    "age-secret-key-",
    /\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/g,
  ],
]);

const KEYS = kinds("private_key", [
  ["rsa_private_key", "critical", "begin", /-----BEGIN RSA PRIVATE KEY-----/g],
  ["ec_private_key", "critical", "begin", /-----BEGIN EC PRIVATE KEY-----/g],
  ["dsa_private_key", "critical", "begin", /-----BEGIN DSA PRIVATE KEY-----/g],
  ["openssh_private_key", "critical", "begin", /-----BEGIN OPENSSH PRIVATE KEY-----/g],
  ["pgp_private_key", "critical", "begin", /-----BEGIN PGP PRIVATE KEY BLOCK-----/g],
  ["pkcs8_private_key", "critical", "begin", /-----BEGIN (?:ENCRYPTED )?PRIVATE KEY-----/g],
  [
    "private_key",
    "critical",
    "begin",
    /-----BEGIN (?!RSA|EC|DSA|OPENSSH|PGP|ENCRYPTED)[A-Z0-9]{2,20} PRIVATE KEY-----/g,
  ],
  ["putty_private_key", "critical", "putty-user-key-file", /\bPuTTY-User-Key-File-[23]:/g],
]);

const AUTH = kinds("auth_token", [
  ["jwt_token", "high", "eyj", /(?<![\w-])eyJ[\w-]{10,4000}\.eyJ[\w-]{10,8000}\.[\w-]{0,2000}/g],
  ["bearer_token", "medium", "bearer", /\bBearer\s{1,3}([A-Za-z0-9._~+/=-]{20,4000})/gi],
  [
    "basic_auth",
    "high",
    "basic",
    /\bAuthorization["']?\s{0,3}[:=]\s{0,3}["']?Basic\s{1,3}([A-Za-z0-9+/]{8,400}={0,2})/gi,
  ],
  [
    "url_password",
    "high",
    "://",
    /\b(?:https?|ftp|ssh|smtp|amqps?|ldaps?):\/\/[^\s:/@"'<>]{1,64}:([^\s:/@"'<>]{3,128})@/g,
  ],
]);

const DATABASES = kinds("database_credential", [
  [
    "mysql_connection",
    "critical",
    "mysql mariadb",
    /\b(?:mysql|mariadb)(?:\+\w{1,20})?:\/\/[^\s:/@"']{1,64}:([^\s@"']{1,128})@/gi,
  ],
  [
    "postgres_connection",
    "critical",
    "postgres",
    /\bpostgres(?:ql)?(?:\+\w{1,20})?:\/\/[^\s:/@"']{1,64}:([^\s@"']{1,128})@/gi,
  ],
  [
    "mongodb_connection",
    "critical",
    "mongodb",
    /\bmongodb(?:\+srv)?:\/\/[^\s:/@"']{1,64}:([^\s@"']{1,128})@/gi,
  ],
  ["redis_connection", "high", "redis", /\brediss?:\/\/[^\s:/@"']{0,64}:([^\s@"']{1,128})@/gi],
  [
    "mssql_connection",
    "critical",
    "sqlserver mssql",
    /\b(?:sqlserver|mssql):\/\/[^\s:/@"']{1,64}:([^\s@"']{1,128})@/gi,
  ],
  [
    "database_password",
    "high",
    "password= pwd=",
    /\b(?:server|host|data source|jdbc:\w{2,20})[^\n"']{1,200}?[;&?]\s{0,3}(?:password|pwd)=([^;&\s"']{3,128})/gi,
  ],
]);

const FILES = kinds("sensitive_file", [
  [
    "ssh_key_file",
    "high",
    ".ssh id_",
    /(?:~|\/(?:root|home\/[\w.-]{1,32}|Users\/[\w.-]{1,32})|%USERPROFILE%|[A-Z]:\\Users\\[\w.-]{1,32})[\\/]\.ssh[\\/](?:id_\w{2,12}|identity|authorized_keys)(?!\.pub)\b/g,
  ],
  ["aws_credentials_file", "high", ".aws", /\.aws[\\/]credentials\b/g],
  [
    "gcp_credentials_file",
    "high",
    "application_default_credentials",
    /\bapplication_default_credentials\.json\b/g,
  ],
  [
    "azure_credentials_file",
    "high",
    ".azure",
    /\.azure[\\/](?:accessTokens\.json|msal_token_cache\.\w{2,6}|azureProfile\.json)/g,
  ],
  ["kubeconfig_file", "high", ".kube", /\.kube[\\/]config\b/g],
  ["docker_config_file", "medium", ".docker", /\.docker[\\/]config\.json\b/g],
  [
    "env_file",
    "medium",
    ".env",
    /(?<![\w.])(?:[\w.~/\\-]{0,80}[\\/])?\.env(?:\.(?:local|production|prod|development|dev|staging|test))?(?![\w.])/g,
  ],
  [
    "keystore_file",
    "high",
    ".pem .key .ppk .p12 .pfx .kdbx .jks",
    /(?<![\w~./\\-])[\w~./\\-]{1,120}\.(?:pem|ppk|p12|pfx|kdbx|jks|keystore)\b/g,
  ],
  ["git_credentials_file", "high", ".git-credentials", /\.git-credentials\b/g],
  ["registry_credentials_file", "high", ".npmrc .pypirc .netrc", /[\\/~]\.(?:npmrc|pypirc|netrc)\b/g],
  ["keychain_file", "high", "keychain", /\bLibrary\/Keychains\/[\w.-]{1,60}/g],
  ["system_password_file", "high", "/etc/", /\/etc\/(?:passwd|shadow|sudoers|gshadow)\b/g],
]);

/** Every kind that is looked for by its shape; cards and entropy are worked out apart. */
export const SENSITIVE_KINDS: readonly SensitiveKind[] = [
  ...TOKEN_KINDS,
  ...CLOUD,
  ...KEYS,
  ...AUTH,
  ...DATABASES,
  ...FILES,
];
