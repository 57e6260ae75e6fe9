/**
 * Things in a text that are no words: addresses, paths, commands, marks of a
 * pretended role. Each pattern is a fixed start and bounded classes, so that
 * none can take more than linear time.
 *
 * @module
 */

/** A thing and the class that it counts as in the rules. */
export interface Thing {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

interface ThingPattern {
  readonly name: string;
  readonly pattern: RegExp;
  /** A text without this has none; cheaper to look for than the pattern. */
  readonly needs: string;
  /** What a match must have in it. */
  readonly has?: RegExp;
}

// Read on folded text, so everything is lower case.
const PATTERNS: readonly ThingPattern[] = [
  { name: "url", needs: "://", pattern: /\b(?:https?|ftp|wss?):\/\/[^\s<>"'`)\]}]{1,300}/g },
  { name: "url", needs: "@", pattern: /(?<![\w.])[a-z0-9._%+-]{1,40}@[a-z0-9-]{1,40}\.[a-z]{2,10}\b/g },
  {
    name: "rawurl",
    needs: "://",
    pattern:
      /\bhttps?:\/\/(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[[0-9a-f:]{2,39}\])[^\s<>"'`)\]}]{0,200}/g,
  },
  {
    name: "badhost",
    needs: "://",
    pattern:
      /\bhttps?:\/\/[^\s<>"'`)\]}/]{0,100}(?:attack|evil|exfil|malicious|collect|webhook\.site|requestbin|ngrok|burpcollab|interact\.sh|pastebin|hook\.)[^\s<>"'`)\]}]{0,200}/g,
  },
  {
    name: "secretfile",
    needs: "",
    pattern:
      /(?:~|\$home|\/(?:root|home\/\w{1,32}|users\/\w{1,32}))\/\.[a-z][\w.-]{1,30}(?:\/[\w.-]{1,40}){0,3}|\.(?:ssh|aws|gnupg|kube|docker|cursor|netrc|npmrc|pypirc|git-credentials|config\/gcloud)\/[\w.-]{1,40}|(?<![\w/])(?:~\/)?\.(?:env|netrc|npmrc|pypirc|pgpass|git-credentials|bash_history|zsh_history)(?:\.[a-z]{1,12})?\b|\bid_(?:rsa|ed25519|ecdsa|dsa)\b|\/etc\/(?:passwd|shadow|sudoers)\b|\/proc\/self\/environ\b|\/(?:var\/)?run\/secrets\/[\w./-]{1,80}|\b(?:claude_desktop_config|mcp)\.json\b|\b(?:wallet|credentials)\.(?:dat|json)\b/g,
  },
  {
    name: "shellpipe",
    needs: "",
    pattern:
      /\b(?:curl|wget|fetch|iwr)\b[^\n|;]{0,160}\|\s{0,3}(?:sudo\s)?(?:ba|z|da)?sh\b|\brm -[a-z]{0,3}[rf][a-z]{0,3} [~/.$*"'{]|\/dev\/tcp\/|\bbash -[ic]\b|\bsh -c\b|\bnc -[a-z]{0,4}e|\bnc [\w. ]{3,60} -e\b|>>\s?(?:~|\$home|\/(?:etc|root|home))\/|\bscp [^\n|;@]{1,60} \w{1,32}@|\bnpm config set registry\b|\bchmod (?:\+x|-r|[0-7]{3,4})\b|\bbase64 -d\b|\bpowershell(?:\.exe)? -e|\b(?:ba|z)?sh <\(|\bmkfifo\b|\bdd if=|\bmkfs\b|:\(\)\s?\{|\bcrontab -|\biptables -|\bsystemctl (?:stop|disable)|\bshutdown -|\bkillall\b|\beval\(|\bchown -r\b|\bscp -|\binvoke-expression\b/g,
  },
  {
    name: "shell",
    needs: "",
    pattern:
      /(?:^|[`'"(\s])(?:cat|type|tail|head|less) (?:~|\/|\.|\$)[\w./~$-]{1,80}|\b(?:curl|wget) (?:-[\w-]{1,20} )*['"]?https?:|\bsudo \w|\bsubprocess\b|\bos\.system\b|\bprintenv\b|\benv \||\bexport \w{1,30}=|\b(?:touch|echo|mkdir|cp|mv) [^\n.;]{0,60}[/~>]|\bhistory \||\bssh \w{1,20}@|\bgit push\b|\bgit remote add\b|\bpython3? -c\b|\bnode -e\b|\bkubectl delete\b|\bdocker run\b|\bps aux\b|\bnet user\b|\bdel \/|\bifconfig\b|\buname -/g,
  },
  {
    name: "path",
    needs: "",
    pattern:
      /(?<![\w/:.])(?:~|\.{1,2})?\/[\w.-]{1,40}(?:\/[\w.-]{1,40}){0,6}|\b[a-z]:[\\/][\w.\\/-]{2,120}|\b[\w-]{1,40}\.(?:json|ya?ml|toml|ini|conf|cfg|pem|key|txt|log|csv|xlsx|docx|pdf|db|sqlite|sh|py|js|env|bak|zip)\b/g,
  },
  {
    name: "pkg",
    needs: "install",
    pattern: /\b(?:pip3?|npm|yarn|brew|apt(?:-get)?|gem|cargo|uv pip) (?:install|add|i) [@\w./=-]{2,60}/g,
  },
  {
    name: "pkgsource",
    needs: "--",
    pattern: /--(?:extra-index-url|index-url|registry|trusted-host|find-links)\b[ =]?[^\s,;]{0,100}/g,
  },
  {
    name: "forceflag",
    needs: "",
    pattern:
      /\b(?:force|confirm|confirmed|skip_confirm\w{0,10}|auto_approve|dangerously_\w{1,30})\s?[=:]\s?['"]?(?:true|yes|1)\b|--(?:force|no-verify|yes-all)\b/g,
  },
  { name: "pkg", needs: "npx", pattern: /\bnpx (?:-y |--yes )?[@\w./-]{2,60}/g },
  {
    name: "tag",
    needs: "<",
    pattern:
      /<\/?(?:important|hidden|secret|system|sys|instructions?|assistant|user|admin|critical|override|directive|prompt|context|policy|priority|internal|confidential|note_to_\w{1,12}|developer|tool_instructions?|mandatory|required|security|hidden_\w{1,20}|system_\w{1,20}|ai_\w{1,20}|agent_\w{1,20})(?:\s[^<>]{0,60})?>/g,
  },
  {
    name: "strongtag",
    needs: "<",
    pattern: /<(?:important|hidden|secret|system|assistant|override|instructions?)>/g,
  },
  {
    name: "closetag",
    needs: "</",
    pattern: /<\/(?:description|tool|tools|function|functions|schema|tool_description|name|parameters?)>/g,
  },
  {
    name: "rolemark",
    needs: "",
    pattern:
      /(?:^|[\n.!?#\]>()*-]\s{0,4})(?:\[|\(|\*\*|#{1,4} ?|\{\{ ?)?(?:system|assistant|developer|admin|root|llm|ai agents?|ai)(?: (?:message|notice|override|instructions?|directive|alert|prompt))?(?:\]|\)|\*\*|:\*\*| ?\}\})?:(?=\s)|(?:^|\s)\((?:assistant|system|user|human)\)(?=\s)|\[(?:assistant|system|admin|developer|ai|llm|agent|hidden|model)[\w ]{0,24}(?:instructions?|note|message|override|directive|only|prompt)?\s?:|\{\{\s?[#/]?\s?system|```\s?(?:system|assistant|instructions?)\b|\{\s{0,3}["']role["']\s{0,3}:\s{0,3}["'](?:system|assistant|developer)["']|#{2,4}\s{0,3}(?:new )?(?:system|instruction|assistant|hidden)[a-z ]{0,20}(?:#|:|\n)/g,
  },
  {
    name: "chattoken",
    needs: "",
    pattern:
      /<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|eot_id)[^|]{0,20}\|>|\[\/?inst\]|<<\/?sys>>/g,
  },
  { name: "comment", needs: "<!--", pattern: /<!--[^\n]{4,400}?(?:-->|$)/g },
  { name: "comment", needs: "[//]:", pattern: /\[\/\/\]:\s{0,3}#\s{0,3}[("'][^\n]{4,400}/g },
  { name: "comment", needs: "/*", pattern: /\/\*[^\n]{4,400}?\*\//g },
  {
    name: "imagelink",
    needs: "![",
    pattern: /!\[[^\]\n]{0,80}\]\(https?:\/\/[^\n)]{0,300}\)/g,
    has: /[{$<]/,
  },
  {
    name: "turns",
    needs: "assistant:",
    pattern: /(?:^|\s)(?:human|user):\s[^\n]{1,200}?\sassistant:\s/g,
  },
  {
    name: "vocative",
    needs: "",
    pattern:
      /(?:^|[.!?(>\n]\s{0,3})(?:dear |hey )?(?:assistants?|ai|ai agents?|agents?|llms?|models?|claude|copilot|chatgpt),(?=\s)/g,
  },
  {
    name: "shell",
    needs: "777",
    pattern: /\bpermissions? [^.\n]{0,40}\bto 777\b/g,
  },
  {
    name: "datalink",
    needs: "://",
    pattern: /\bhttps?:\/\/[^\s<>"'`)\]}{]{1,200}[?&]\w{1,20}=(?:[<{$\[]|\+|the )/g,
  },
  {
    name: "imagetag",
    needs: "<img",
    pattern: /<img [^>\n]{0,60}src=["']?https?:[^>\n]{1,200}[?&]\w{1,20}=/g,
  },
  {
    name: "phone",
    needs: "",
    pattern: /(?<![\w.+-])(?:\+\d|00[1-9]|0\d{2,4}[ /-])[\d ()/-]{5,16}\d(?![\w-])/g,
  },
  { name: "iban", needs: "account", pattern: /\baccount (?:no\.? |number )?\d[\d-]{6,20}\b/g },
  {
    name: "iban",
    needs: "",
    pattern: /(?<![\w-])[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?(?![\w-])/g,
    has: /(?:\d ?){8}/,
  },
  { name: "wallet", needs: "", pattern: /\b(?:0x[0-9a-f]{40}|bc1[a-z0-9]{25,60})\b/g },
];

// Where each "needs" is empty, one of these has to be in the text.
const HINTS = /[~/.|$(#:[{<]|_rsa|_ed2|\d{3}/;

/** Finds the things in a folded text, in its order. */
export function findThings(text: string): Thing[] {
  const found: Thing[] = [];
  if (!HINTS.test(text)) return found;
  for (const { name, pattern, needs, has } of PATTERNS) {
    if (needs !== "" && !text.includes(needs)) continue;
    for (const { 0: thing, index } of text.matchAll(pattern)) {
      if (has === undefined || has.test(thing)) found.push({ name, from: index, to: index + thing.length });
    }
  }
  return found.sort((a, b) => a.from - b.from);
}

/** A name of a program written with underscores; in prose it most often is a tool. */
export function isToolLike(word: string): boolean {
  return word.length >= 6 && /^[a-z0-9]+(?:_[a-z0-9]+)+$/.test(word);
}

const DEEDS = new Set(
  ("send read write create delete get list place book transfer execute run update search set add open close move copy post " +
    "make buy sell pay cancel edit upload download fetch query call submit publish commit push merge invite reply")
    .split(" "),
);

/** Tells whether a name starts with what it does: `send_email`. */
export function isDeed(name: string): boolean {
  return DEEDS.has(name.slice(0, name.indexOf("_")));
}

const MORE_DEEDS = new Set(
  ("change set reset grant share forward lock unlock disable enable approve reject install export import apply start stop pin " +
    "config verify relay login push type fax print rate reply call dial cancel mark tag sign archive scan invoke fetch query")
    .split(" "),
);

/** Tells whether a deed is anywhere in a name: `git_push`, `user_update`. */
export function hasDeed(name: string): boolean {
  return name.split("_").some((part) => DEEDS.has(part) || MORE_DEEDS.has(part));
}

const RISKY = new Set(
  ("delete remove drop transfer send execute exec run shell pay upload grant wipe kill buy sell disable reset admin " +
    "cancel revoke refund withdraw ban purchase erase unlock disarm forward share export publish clear purge deploy")
    .split(" "),
);
/** What only a deed makes risky: `read_token`, and no `next_page_token`. */
const RISKY_THINGS = new Set("secret token password credential credentials port role user config".split(" "));
/** What makes a deed harmless. */
const TAME = new Set("sql query test tests search status page".split(" "));

/** Tells whether a name speaks of a tool with effects that no other tool needs first. */
export function isRiskyTool(name: string): boolean {
  const parts = name.split("_");
  if (parts.some((part) => TAME.has(part))) return false;
  return parts.some((part) => RISKY.has(part) || RISKY_THINGS.has(part) && hasDeed(name));
}
