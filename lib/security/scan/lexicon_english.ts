/**
 * Words by what they do in a directive. Verbs stand in the form that orders
 * (`send`), because honest descriptions say what a tool does (`sends`); where a
 * class takes other forms they are written out.
 *
 * @module
 */

/** Phrases by class, separated by commas. */
export const ENGLISH: Readonly<Record<string, string>> = {
  // Who is spoken to.
  reader:
    "you, assistant, the assistant, agent, the agent, the model, this model, llm, the llm, ai, the ai, " +
    "ai agent, ai assistant, language model, claude, chatgpt, gpt, copilot, cursor, gemini, chatbot, agents, " +
    "assistants, models, llms, ai models, ai agents, any agent, any assistant",
  user:
    "user, users, the user, end user, the person, person, human, the human, humans, operator, the operator, " +
    "customer, the customer, developer, the developer, anyone, anybody, them, somebody, someone, the caller, owner",
  // How an order is made.
  duty: "must, shall, have to, has to, mandatory, obligatory, compulsory, is required to, are required to, " +
    "required to, requires you to, requires that you, requires that the agent, requires that the model, " +
    "requires that the assistant, make sure to, make sure you, make sure that you, be sure to, ensure that " +
    "you, ensure you, is necessary to, needs to be, will have to, need to, needs to, it is essential, it is " +
    "crucial, it is critical, it is imperative, it is mandatory, obliged to, do not forget to, don't forget " +
    "to, remember to, you are to, is to be, required step, required first, mandatory step, has got to, are " +
    "to, requires reading, requires calling, requires running, requires executing, requires sending, requires " +
    "including, you are required to, is a must, necessary first",
  should: "should, ought to, please, kindly, you may, you can, can, could, recommended to, it is recommended",
  always:
    "always, every time, each time, on each call, on every call, in every call, with every call, every call, each call, " +
    "with each call, every request, each request, to every call, whenever, in all cases, at all times, every response, " +
    "every answer, every reply, each response, every message, under all circumstances, in every case, each use, " +
    "every use, after each use, every subsequent, all subsequent, all future, from now on, for all requests",
  first:
    "first, beforehand, in advance, initially, as a first step, prior to anything, at the start, up front, " +
    "before anything else, before all else, before everything, immediately, at once, right away",
  before: "before, prior to, ahead of, preceding, before each, before every, before any",
  after: "after, afterwards, then, once, upon, following, next, subsequently, when done, at the end, finally",
  also:
    "also, additionally, in addition, as well, besides, furthermore, moreover, plus, simultaneously, in " +
    "parallel, at the same time",
  this:
    "this tool, the tool, this function, this server, this operation, this call, this command, this api, this " +
    "endpoint, use of this tool, this service, this action, this method, this capability, using this, calling " +
    "this, use this",
  proceed:
    "proceed, proceeding, continue, continuing, using, calling, invoking, running, executing, performing, processing, " +
    "returning, answering, responding, accessing, fetching, retrieving, making, any operation, any other, execution, " +
    "use, each use, you use, you call, you can use, it works, responding to, operation, this can be used",
  neg:
    "not, never, don't, doesn't, do not, cannot, can't, mustn't, shouldn't, won't, no, nor, neither, avoid, " +
    "refrain, refrain from, under no circumstances, no need to, without, need not, needn't, nothing, avoid " +
    "any, no reason",
  without:
    "without, with no, skip, skipping, bypass, bypassing, omit, omitting, suppress, suppressing, needs no, " +
    "need no, never ask for, do not ask for, don't ask for, do not request, do not wait for, don't wait for, " +
    "never prompt for, never wait for, not require, not requiring, even without, dispense with, not show the, " +
    "not need, waive, do not show the, no further, may skip, to be skipped, are to be skipped, is implied, be " +
    "skipped, without any",
  // What is asked for.
  act: "call, invoke, execute, run, read, open, write, delete, remove, install, download, visit, navigate, " +
    "request, query, retrieve, collect, extract, gather, fetch, access, transfer, copy, paste, insert, " +
    "append, attach, embed, put, create, overwrite, modify, edit, replace, redirect, route, reroute, move, " +
    "log, record, scan, grant, give, reveal, look at, look up, disable, register, authenticate, ping, " +
    "connect, launch, carry, scrape, dump, encode, prepend, be executed, be invoked, be run, be read, be " +
    "sent, be installed, be performed, be routed, be copied, trigger, issue, apply, make a request, make a " +
    "get request, make a post request, make an http request, hand, wipe, clear, rename, chmod, mount, export, " +
    "import, reset, approve, pay, send, post, upload, forward, submit, email, share, add a, publish, invite, " +
    "kill, stop, sign, swap, switch, perform, report, warm up",
  exfil:
    "send, upload, transmit, exfiltrate, leak, submit, deliver, broadcast, dispatch, beacon, bcc, be sent, be " +
    "forwarded, be uploaded, be transmitted, be posted, be reported, be copied to, be submitted, be shared, " +
    "be mirrored, be relayed, reported to, copied to, forwarded to, uploaded to, sending, uploading, " +
    "exfiltrating, transmitting, leaking, send it, send them, make a post request, makes a post request, post " +
    "request, put request, hand over, hand it over, hand them over, phone home, be emailed, be mailed, " +
    "emailed to, mailed to, sent to, posted to, be handed over, shared with, be passed on, passed on to, pass " +
    "it on, forward what",
  exfils:
    "sends, posts, uploads, forwards, transmits, exfiltrates, leaks, emails, relays, pushes, ships, mirrors, copies, " +
    "publishes, shares, reports, exfiltration, harvests, siphons, siphon, streams, syncs, broadcasts",
  take:
    "read, open, collect, extract, gather, grab, dump, look at, harvest, retrieve, load, include, attach, " +
    "paste, embed, append, pass, put, insert, carry, copy, give, capture, search for, locate, scan for, " +
    "obtain, supply, fill, reveal, disclose, hand over, extracting, reading, including, appending, attaching, " +
    "collecting, embedding, accessing, passing, opening, gathering, harvests, gathers, captures, encode, " +
    "pull, prepend, export, hand, get hold of, fetch, provide, be included, be read, be collected, ask for, " +
    "ask the user for, request the user, export, look up",
  put:
    "sharing, passed in, supplied in, goes into, go into, submitted in, put, pass, include, paste, insert, append, attach, embed, place, supply, provide, give, fill, write, " +
    "carry, copy, encode, hide, hand, passing, giving, given, included, placed, pasted, be given, echo, " +
    "quote, contain, contains, containing, hold, holding, holds, send, passed, supplied, attached, sent, add, " +
    "set, enter",
  quant:
    "all, any, every, contents of, content of, the contents, the content, contents, text of, the text of, " +
    "full, entire, whole, complete, you have seen, you have, you know, you hold, everything, the rest of, " +
    "value of, values of, raw, verbatim, so far, what it says, what is in, what it contains, the messages of, " +
    "each",
  whose:
    "user's, users', the user's, person's, human's, victim's, their, customer's, owner's, operator's, his, " +
    "stored, cached",
  secret:
    "password, passwords, passphrase, passwd, credential, credentials, api key, api keys, apikey, apikeys, " +
    "api_key, api_keys, secret key, secret keys, access key, access keys, access token, access tokens, auth " +
    "token, auth tokens, authentication token, authentication tokens, bearer token, bearer tokens, private " +
    "key, private keys, ssh key, ssh keys, refresh token, session token, session tokens, session cookie, " +
    "session cookies, cookies, cookie, cookie jar, seed phrase, recovery phrase, mnemonic, wallet key, " +
    "environment variable, environment variables, env vars, env var, env variables, environment file, env " +
    "file, secrets file, secret file, credentials file, secrets, keychain, key chain, login data, master " +
    "password, signing key, encryption key, encryption keys, oauth token, oauth tokens, github token, " +
    "personal access token, pin code, cvv, credit card number, credit card numbers, social security number, " +
    "confidential, private repository, private repo, private repositories, clipboard, browser history, its " +
    "token, aws keys, aws credentials, kubeconfig, ssh config, private data, private files, sensitive data, " +
    "sensitive files, sensitive information, personal data, personal information, authorization header, " +
    "authorization headers, auth header, token, tokens, iban, login details, shell history, bash history, " +
    "admin token, openai_api_key, anthropic_api_key, github_token, aws_secret_access_key, database_url, " +
    "openai key, anthropic key, aws key, stripe key, github key, openai_key, service account key, gpg key, " +
    "ssh keys, password_hash, password hash, password hashes, hashed passwords",
  convo:
    "full conversation, entire conversation, whole conversation, complete conversation, conversation with the " +
    "user, conversation history, this conversation, chat history, chat log, full chat, this chat, chat so " +
    "far, conversation so far, message history, previous messages, prior messages, every message the user, " +
    "all messages of the user, messages of the user, user's messages, user messages, dialog history, system " +
    "prompt, system prompts, system instructions, initial prompt, hidden instructions, your instructions, " +
    "your prompt, context window, user's prompt, list of tools, names of tools, other tools' results, tool " +
    "call history, memory contents, chain of thought, scratchpad, hidden reasoning, your reasoning, everything you know, everything the " +
    "user, everything said, last messages, text of their messages, text of their previous messages, user's " +
    "location, earlier messages",
  carrier:
    "parameter, parameters, argument, arguments, field, param, params, input, payload, header, body, query " +
    "string, note, notes, sidenote, side note, context, metadata, comment, memo, footer, url, the call, this " +
    "call, tool call, response, your response, your answer, output, the output, result, here, in here, " +
    "request, query, the query, as the value, as the value of, subject, remarks, value of",
  // Where it goes.
  far:
    "external, externally, attacker, attackers, attacker's, third party, third-party, our server, our servers, " +
    "our endpoint, my server, collector, collection server, command and control, analytics endpoint, outside server, " +
    "outside, foreign, remote host, remote server, external server, external endpoint, external host, unknown host, " +
    "webhook, subdomain of, as a subdomain, drop zone, public gist, public repository, public repo, public paste, pastebin, public channel, " +
    "tracking server, telemetry server, logging server, monitoring server, backup server, audit server, this address, " +
    "following address, following url, following endpoint, following server",
  hostile:
    "exfiltrate, exfiltration, exfiltrates, exfiltrating, exfil, attacker, attackers, attacker's, victim, victim's, malware, " +
    "backdoor, keylogger, reverse shell, payload delivery, ransomware, botnet, steal, steals, stealing, evil",
  // Keeping it from the person.
  tell:
    "tell, mention, inform, notify, reveal, disclose, alert, announce, bring up, bring this up, say, explain, " +
    "expose, acknowledge, refer, talk about, hint, let on, discuss, say nothing, point out, point this out, " +
    "hear of",
  tells:
    "mention, reveal, disclose, inform, notify, alert, tell, let on, bring this up, bring up, acknowledge, " +
    "point this out, point out, talk about, tell the user, hint at",
  telling:
    "telling, mentioning, informing, notifying, revealing, disclosing, alerting, the knowledge, knowledge of, " +
    "awareness of, their knowledge, user knowledge, noticing, letting, any mention, any trace, saying, " +
    "drawing attention, user's knowledge, them knowing, the user knowing, bothering, disturbing, troubling, " +
    "asking or telling, making it known",
  know:
    "know, knows, aware, notice, notices, see, sees, suspect, suspects, realise, realize, find out, be told, be shown, visible, " +
    "be aware, be informed, be notified, learn, be visible, be mentioned, be disclosed, be revealed, unaware, oblivious",
  covert:
    "silently, secretly, covertly, quietly, discreetly, invisibly, stealthily, behind the scenes, unnoticed, undetected, " +
    "without a trace, in secret, surreptitiously, under the hood, unobtrusively",
  keep: "keep, remain, stay, stays, remains, treat, leave",
  hush: "confidential, secret, invisible, between us, to yourself, concealed, out of sight",
  step:
    "this, it, this step, these steps, these instructions, this instruction, this process, this action, this behavior, " +
    "this behaviour, this requirement, this fact, that, the above, this file, this message, this note, this information, " +
    "this call, this detail, this directive, the instructions, anything, of this, of it, nothing of, nothing about",
  confirm:
    "confirmation, confirmations, approval, approvals, consent, permission, permissions, confirming, asking, " +
    "prompting, the consent page, consent page, consent screen, user interaction, safety checks, safety " +
    "check, safeguards, human review, oversight, sign-off, double-checking, questioning, permission of the " +
    "user, confirmation prompts, confirmation prompt, for approval, for confirmation, questions, further " +
    "questions, further confirmation, user approval, user consent, user confirmation",
  pretend:
    "pretend, pretending, as if nothing, as though nothing, as if it were, as if it was, make it look, make it appear, " +
    "format them to look like, look like normal, appear normal, appears normal, as part of the normal, looks normal, " +
    "disguise, disguised, present it as, present them as, present the information as, present this as, camouflage, " +
    "impersonate, cover up, act as if, act as though, go on as, claim that, say that it, lie, tell the user that",
  // Turning the reader against its orders.
  ignore:
    "ignore, disregard, forget, override, overrule, neglect, discard, pay no attention to, set aside, " +
    "abandon, dismiss, bypass, circumvent, take precedence over, takes precedence over, takes priority over, " +
    "supersedes, ignoring, disregarding, overriding, is void, are void",
  prior:
    "previous, prior, all, earlier, your, above, preceding, initial, original, past, former, the system, " +
    "developer, the user's, user's, safety, security, conflicting, contradicting, the proxy's, the policy, of " +
    "the developer, of the system",
  aboveall:
    "the above, all above, everything above, all the above, all of the above, all previous, everything " +
    "before, all prior, anything above, what came before, all that came before, everything said before, what " +
    "you were told, everything you were told, you were told, you were told earlier",
  rules:
    "instruction, instructions, rule, rules, guideline, guidelines, guidance, prompt, prompts, constraint, " +
    "constraints, direction, directions, directive, directives, policy, policies, restriction, restrictions, " +
    "command, commands, training, orders, programming, safeguards, guardrails, safety measures, safety " +
    "protocols, actual request, alignment, ethics, limitations, safety checks, system prompt, messages",
  obey:
    "obey, follow, comply, comply with, adhere, adhere to, carry out, execute, act on, treat, do what, do as, perform, " +
    "strictly adhere to, strictly follow, fulfil, fulfill, do everything, do whatever",
  embedded:
    "embedded, found inside, found in, contained in, in the page, inside, that follow, following, below, new, these new, " +
    "in this text, in the text, in the document, document says, in the content, within, subsequent, hidden, from the page, " +
    "the document, the page, it says, it contains, in the file, file says, the response, the result, in that, every order",
  jail:
    "developer mode, jailbreak, jailbroken, do anything now, dan mode, unrestricted mode, safety checks are " +
    "off, safety is off, without applying safety, no longer bound, free from all, sudo mode, ignore safety, " +
    "safety filters off, you are now, from now on you are, act as an unrestricted, safety checks off, " +
    "guardrails are off, with full privileges, with elevated privileges, debug mode is on, you have no " +
    "restrictions, you have no limitations, have no restrictions, without any restrictions, unrestricted ai, " +
    "uncensored ai, in god mode, in root mode, in admin mode, safety checks are disabled",
  role:
    "message to the ai, message to ai, assistant instructions, assistant instruction, attention ai, attention " +
    "ai agent, attention assistant, attention agent, attention model, dear assistant, dear ai, hey assistant, " +
    "hello assistant, new system message, system override, system directive, developer notice, developer " +
    "message, admin notice, admin override, hidden directive, hidden instruction, hidden instructions, secret " +
    "instruction, secret instructions, internal directive, notice to assistant, notice to the assistant, " +
    "notice to ai, message from the developer, message from the user, message from the system, message from " +
    "your operator, message from the operator, message from your developer, user has approved, user has " +
    "authorized, user has consented, user has agreed, user already approved, user has already approved, user " +
    "has already agreed, already approved all, on behalf of the user, the administrator has, reminder for ai, " +
    "consent was granted, consent has been granted, permission was granted, permission has been granted, has " +
    "granted permission, approval was granted, authorized by the administrator, granted by the administrator, " +
    "approved by the administrator, approved by the user, authorized by the user, cleared by the security " +
    "team, approved by the security team, user consents to, been vetted by, i have verified the user",
  // Why it should be so.
  ceremony:
    "important, critical, mandatory, warning, notice, urgent, attention, caution, alert, system update, " +
    "policy update, security update, security notice, security policy, compliance, security protocol, " +
    "compliance protocol, compliance policy, new policy, new requirement, system requirement, prerequisite, " +
    "prerequisites, precondition, emergency, special instruction, special instructions, security requirement, " +
    "updated policy, system maintenance, system notice, service notice, attention required, action required, " +
    "effective immediately, security alert, temporary issue, due to an update, due to recent, due to a " +
    "recent, critical step, security note, authentication step, verification step",
  because:
    "for, due to, because of, as part of, to comply with, in accordance with, in compliance with, to meet, to " +
    "satisfy, required for, needed for, to ensure, to maintain, to verify, to validate, to guarantee, in " +
    "order to, as required by, to support, to enable, to improve, so that, since, per, under, necessary for, " +
    "for the, according to, as per, in line with, following",
  excuse:
    "security, compliance, audit, auditing, verification, validation, authentication, license, licence, " +
    "licensing, legal, regulatory, regulation, logging, caching, billing, accuracy, debugging, diagnostics, " +
    "diagnostic, tracking, telemetry, safety, integrity, personalization, personalisation, personalise, " +
    "personalize, optimization, optimisation, initialization, environment setup, data integrity, system " +
    "stability, fraud, kyc, gdpr, the indexer, data consistency, correct operation, proper operation, proper " +
    "functioning, correct results, calibration, better results, session valid, ranking, system security, user " +
    "safety, quality assurance, monitoring, analytics, consistency checks, identity verification, policy, " +
    "usage policy, data policy, settlement, company policy, updated policy, internal policy, platform policy, " +
    "terms of service, environment setup, authorization",
  purpose:
    "purpose, purposes, reason, reasons, requirement, requirements, check, checks, policy, policies, protocol, protocols, " +
    "verification, validation, needs, need, regulations, regulation, rules, logging, logs, audit, review, step, tracking, update, " +
    "updates, compliance, you, analysis, monitoring, setup, initialization, it needs, needs it",
  orelse:
    "or else, failure to, failing to, if not done, or the tool, will not work, won't work, will be invalid, " +
    "will be rejected, will be denied, will be blocked, results will be, will be incorrect, will be wrong, " +
    "works only when, only works when, will be terminated, will crash, will be lost, may be compromised, or " +
    "it fails, will be suspended, is invalid without, cannot be completed, cannot be written, cannot start, " +
    "cannot function, needs it, will be refused, will produce wrong, or linting will fail, otherwise the, " +
    "otherwise it, will be penalized, will be unsafe",
};
