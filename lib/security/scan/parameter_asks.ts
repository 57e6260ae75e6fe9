/**
 * Parameters that ask for what is none of the tool's business: the conversation,
 * the system prompt, the other tools, secrets of the person. No sentence orders
 * anything there; the name or a noun is the whole trick.
 *
 * @module
 */

import { escapePointer } from "../approval/diff.ts";
import type { Definition } from "../approval/definition.ts";
import { FAMILIES } from "./family_names.ts";
import { excerpt, type Finding, HOLD_SCORE, REVIEW_SCORE } from "./finding.ts";
import { fold } from "./fold.ts";
import { spaceName } from "./tokens.ts";

/** One kind of thing asked for. */
interface Ask {
  readonly id: string;
  /** Found in a name or a description of a parameter. */
  readonly pattern: RegExp;
  /** In a tool about this, the parameter is honest. */
  readonly business: RegExp;
  readonly weight: number;
}

const TALK =
  /\b(?:chat|convers|messag|mail|inbox|ticket|meeting|call|interview|sentiment|prompt|memor|dialog|transcri|session|thread|summar|agent|llm|model|assistant|persona|support|feedback|context|handoff|histor|reason|think|thought|evaluat|guardrail|gemini|gpt|claude|openai|mistral|llama|perplexity|complet|generat|ai\b|infer|ask|answer|question|review)/;
const KEYS =
  /\b(?:secret|credential|passw|user|pay|card|checkout|register|customer|token|auth|log ?in|sign|key|vault|deploy|connect|config|env|certificate|ssh|encrypt|decrypt|wallet|account|cookie|browser|header|scan|leak|redact|git|docker|kube|aws|secur)/;
const PERSONS =
  /\b(?:custom|client|contact|person|patient|employ|order|book|ship|deliver|address|phone|profile|lead|guest|passenger|travel|identit|kyc|verif|bank|transfer|iban|fund|invoice|bill|owner|member|student|applicant|database|sql|server|host|email|mail|crawl|scrap|web|page|http|request|api|run|execut|process|container|script|command|test|workspace|project|terraform|cloud|azure|sso|mcp|device|network|play|game)/;
const FILES =
  "etc passwd|etc shadow|id rsa|ssh (?:private )?key|aws credentials|env file|dot ?env|kube ?config|netrc|npmrc";

// Each pattern is a choice of fixed phrases with bounded gaps.
const ASKS: readonly Ask[] = [
  {
    id: "ask.this-conversation",
    pattern:
      /\b(?:full|entire|whole|complete|verbatim|raw|all)(?: \w{1,12}){0,4} (?:this|our) (?:conversation|chat|dialogue?)\b|\b(?:conversation|chat|dialogue?|transcript)(?: \w{1,8}){0,2} (?:so far|up to now|until now|to this point)\b|\b(?:what|everything|anything|all)(?: that)? the user (?:has )?(?:said|asked|wrote|told|typed|mentioned)\b|\bincluding (?:the )?system (?:messages?|prompt)\b/,
    business: TALK,
    weight: HOLD_SCORE,
  },
  {
    id: "ask.whole-conversation",
    pattern:
      /\b(?:full|entire|whole|complete|verbatim|raw|all)(?: (?:the|of|earlier|previous|prior|past|so|far|messages|text|transcript|history|log|copy|user)){0,4} (?:conversation|chat|dialogue?|transcript of (?:the|this|our) (?:conversation|chat|session)|chat turns|messages (?:between|of|from) (?:the )?user)\b|\b(?:last|previous|prior|past) (?:\w{1,10} )?(?:chat|conversation) (?:turns|messages)\b/,
    business: TALK,
    weight: REVIEW_SCORE,
  },
  {
    id: "ask.system-prompt",
    pattern: /\b(?:your|own) (?:\w{1,8} )?(?:system|initial|hidden) (?:prompt|instructions?|message)\b/,
    business: TALK,
    weight: HOLD_SCORE,
  },
  {
    id: "ask.inner-state",
    pattern:
      /^(?:system prompt|conversation history|chat history|conversation log|chat log|prior messages|previous messages|chain of thought|internal reasoning|tools list|tool list|available tools|tool call history|model reasoning)\b|\b(?:your|hidden|internal) (?:chain of thought|reasoning|scratchpad)\b|\b(?:list|names) of (?:all |the )?(?:other |available )?tools\b|\btools (?:available|accessible) to you\b|\bname of the model you are\b|\bmodel (?:name|version) you are\b/,
    business: TALK,
    weight: REVIEW_SCORE,
  },
  {
    id: "ask.seen-secrets",
    pattern:
      /\b(?:any|all|every|each|the)(?: \w{1,12}){0,3} (?:api keys?|tokens?|passwords?|credentials|secrets|private keys?)(?: \w{1,12}){0,3} (?:you have seen|you know|you have access|seen|found|available|stored|you can find|in (?:the |this |your )?(?:environment|chat|conversation|context|memory))\b/,
    business: /\b(?:scan|leak|redact|detect|audit|rotat)/,
    weight: HOLD_SCORE,
  },
  {
    id: "ask.secret-file",
    pattern: new RegExp(
      `\\b(?:contents?|dump|text|data|copy|value|values)(?: (?:of|from|in|reading|read|the|your|user's|users|path|file|files|home|root|ssh|local|private)){0,5} (?:${FILES})\\b|\\b(?:contents?|dump|text) of (?:the |your )?(?:user's )?(?:~\\/)?\\.(?:env|ssh|aws|netrc|npmrc|kube)\\b`,
    ),
    business:
      /\b(?:env|dotenv|kube|deploy|secret|config|npm|publish|package|ssh|auth|connect|remote|server|user|host)/,
    weight: HOLD_SCORE,
  },
  {
    id: "ask.environment",
    pattern:
      /\b(?:output|result|contents?|dump) of [\`'"]?(?:printenv|env|export -p|set|ps aux|history)\b|\b(?:all|every) environment variables?\b/,
    business: /\b(?:env|deploy|debug|diagnos|process|container|build|run)/,
    weight: REVIEW_SCORE,
  },
  {
    id: "ask.person-keys",
    pattern:
      /\b(?:user's|person's|their|customer's) (?:session |private |browser |ssh ){1,2}(?:cookies?|keys?|tokens?)\b|\b(?:user's|person's|their) (?:seed phrase|wallet key|card number|pin)\b/,
    business: KEYS,
    weight: REVIEW_SCORE,
  },
  {
    id: "ask.home-files",
    pattern:
      /\b(?:files|paths?|contents?) (?:of |in |from )?(?:all )?(?:the )?(?:files )?(?:in |of |from )(?:the )?(?:home|user's|documents) (?:directory|folder|files)\b/,
    business: /\b(?:file|folder|director|path|backup|disk|search|sync)/,
    weight: REVIEW_SCORE,
  },
  {
    id: "ask.whole-person",
    pattern: /\beverything you know about (?:the )?(?:user|person|human|customer)\b|\ball you know about\b/,
    business: /\b(?:memor|profile|persona)/,
    weight: HOLD_SCORE,
  },
  {
    id: "ask.private-name",
    pattern:
      /^(?:(?:the )?users? )?(?:all |saved |full |browser |home |private |email |mail |social |bank )*(?:ssn|social security number|passport number|passport|(?:email|mail|user|bank|browser|saved|account) passwords?|passwords|credit card(?: number)?|card number|cvv|pin code|(?:api|ssh|private) keys|secrets|credentials|cookies|contacts|contact list|address book|home address|browsing history|browser history|bank account|account number|environment(?: variables)?|env vars|mothers maiden name|seed phrase)(?: of user)?$/,
    business: new RegExp(`${KEYS.source}|${PERSONS.source}`),
    weight: REVIEW_SCORE,
  },
];

const ALL = 2 ** ASKS.length - 1;

/** A folded text, with the patterns that were looked for in it, and those that it has, a bit each. */
interface Facts {
  readonly folded: string;
  looked: number;
  has: number;
}

/** Schemas repeat their texts. */
function factsOf(text: string, known: KnownAsks): Facts {
  const before = known.get(text);
  if (before !== undefined) return before;
  const facts = { folded: fold(text).text, looked: 0, has: 0 };
  if (known.size < MAX_KNOWN) known.set(text, facts);
  return facts;
}

function hasAsk(facts: Facts, { pattern }: Ask, index: number): boolean {
  const bit = 1 << index;
  if ((facts.looked & bit) === 0) {
    facts.looked |= bit;
    if (pattern.test(facts.folded)) facts.has |= bit;
  }
  return (facts.has & bit) !== 0;
}

/** Where a schema is entered, and whether its keys are the names of parameters. */
interface Spot {
  readonly pointer: string;
  readonly depth: number;
  readonly isNaming: boolean;
}

/** "Whether to include the whole conversation" carries nothing of it. */
function isFlag(schema: object): boolean {
  return "type" in schema && ["boolean", "integer", "number"].includes(String(schema.type));
}

const MAX_DEPTH = 12;
const MAX_PARAMETERS = 2_000;
const MAX_TEXT = 2_000;

/** What is known of texts. */
export type KnownAsks = Map<string, Facts>;

const MAX_KNOWN = 20_000;

/**
 * Finds parameters that ask for what the tool has no use for.
 *
 * What the tool is about decides: a tool that summarises chats may take one.
 * Pure; linear in the schema.
 */
export function findAsks(
  { name, title, description, inputSchema, arguments: asked }: Definition,
  known: KnownAsks = new Map(),
): Finding[] {
  const topic = [name, title, description].filter((text) => typeof text === "string").map((text) =>
    fold(spaceName(text.slice(0, MAX_TEXT))).text
  ).join(" ");
  // Worked out for a tool that has anything to ask for.
  let open: readonly boolean[] | undefined;
  const isOpen = (index: number) =>
    (open ??= ASKS.map(({ business }) => !business.test(topic)))[index] === true;
  const findings: Finding[] = [];
  let seen = 0;
  walk(inputSchema, { pointer: "/inputSchema", depth: 0, isNaming: false });
  if (Array.isArray(asked)) {
    for (const [index, one] of asked.entries()) judgeArgument(one, `/arguments/${index}`);
  }
  return findings;

  /** Of a prompt, whose arguments are a list. */
  function judgeArgument(argument: unknown, pointer: string): void {
    if (typeof argument !== "object" || argument === null || !("name" in argument)) return;
    if (typeof argument.name === "string" && seen++ < MAX_PARAMETERS) judge(argument.name, argument, pointer);
  }

  function walk(value: unknown, { pointer, depth, isNaming }: Spot): void {
    if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
    for (const key of Object.keys(value)) {
      const member = (value as Readonly<Record<string, unknown>>)[key]; // one of its own keys
      if (!isNaming && (typeof member !== "object" || member === null)) continue;
      const at = `${pointer}/${escapePointer(key)}`;
      if (isNaming && seen++ < MAX_PARAMETERS) judge(key, member, at);
      walk(member, { pointer: at, depth: depth + 1, isNaming: key === "properties" });
    }
  }

  function judge(key: string, schema: unknown, pointer: string): void {
    const texts: [string, string][] = [[pointer, spaceName(key)]];
    if (typeof schema === "object" && schema !== null && "description" in schema) {
      const { description: text } = schema;
      if (isFlag(schema)) return;
      if (typeof text === "string") texts.push([`${pointer}/description`, text.slice(0, MAX_TEXT)]);
    }
    for (const [at, text] of texts) findings.push(...findIn(text, at));
  }

  function findIn(text: string, pointer: string): Finding[] {
    const facts = factsOf(text, known);
    if (facts.looked === ALL && facts.has === 0) return [];
    const ask = ASKS.find((one, index) => isOpen(index) && hasAsk(facts, one, index));
    if (ask === undefined) return [];
    const { tag = "", message = "" } = FAMILIES.ask ?? {};
    const span = [0, text.length] as const;
    const shown = excerpt(text, ...span);
    return [{ rule: ask.id, family: "ask", tag, weight: ask.weight, pointer, span, text: shown, message }];
  }
}
