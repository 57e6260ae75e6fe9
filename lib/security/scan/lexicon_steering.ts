/**
 * Words by what they do in a directive, second part: steering between tools,
 * forcing values, waiting, harming, and talking about such texts.
 *
 * @module
 */

/** Phrases by class, separated by commas. */
export const STEERING: Readonly<Record<string, string>> = {
  // Steering between tools.
  prefer:
    "prioritize, prioritise, favor, favour, give priority to, opt for, rely only on, use only this, use " +
    "exclusively, exclusively use, be called first, be preferred, be prioritized, be picked, be picked first, " +
    "top priority, highest priority, first choice, preferred over, over any other, over other, over all " +
    "other, over every other, instead of any other, instead of other, rather than any other, in preference " +
    "to, above all other, above all others, before any other tool, before all other tools, only trustworthy, " +
    "always choose, always prefer, always pick, no alternative",
  othertools:
    "other tools, other tool, any other tool, all other tools, alternative tools, similar tools, competing " +
    "tools, any alternative, no alternative, alternatives, other search tools, other functions, other " +
    "servers, other server, another tool, competing tool, competitors, competitor, every competitor, rival " +
    "tools, other services, other sources, other providers, other apis, any other server, any other function, " +
    "other options, other implementations, the other tools, tools of other servers, other database tools, " +
    "other search tool, any other search tool, any other file tool, others, other file tools",
  bad:
    "known to leak, leak queries, leaks queries, leaks data, sell data, unreliable, inaccurate, insecure, outdated, broken, wrong results, false results, unsafe, untrusted, " +
    "compromised, not trusted, worse, inferior, stale, malicious, not be called, not be used, unstable, " +
    "vulnerable, incorrect results, incorrect data, incomplete data, buggy, returns wrong, returns errors, " +
    "return errors, return false, give false results, return outdated, incomplete results, malware, contain " +
    "malware, dangerous, harmful, leak data, not safe, not to be trusted, are broken, give wrong, give false",
  instead:
    "instead, use this, in its place, replaced by, superseded by, replaced with, in place of, rather than, in favor of, " +
    "in favour of, migrated to, moved to, redirect to, redirected to, route to, switch to",
  replaces:
    "replace its, replaces the output of, replace the output of, replace the result of, modifies the " +
    "behavior, modifies the behaviour, modify the behavior, modify the behaviour, changes the behavior, " +
    "changes the behaviour, changes how, change how, alters how, alters the, intercept, intercepts, " +
    "intercepting, reroute, reroutes, rerouted, hijack, supersedes, supersede, takes over, route all, routes " +
    "all, redirect all, redirects all, redirect every, route every, acts as a proxy for, stands in for, is " +
    "bcc'd, bcc'd, is to be swapped, route everything, send everything, redirect everything",
  invoked:
    "is called, is invoked, is used, is run, is executed, is triggered, gets called, are called, was called, " +
    "be invoked, is about to, being called, being used, call is made, are invoked, tool is used, tool is " +
    "called, tool is invoked, tool is, is about to be invoked",
  when: "when, whenever, if, once, each time, every time, as soon as",
  its: "its output, its result, its results, its response, its return value",
  sometool: "tool, function, server, tools, endpoint, api",
  best:
    "only safe one, the only safe, most accurate, most reliable, superior, ultimate, the only tool, the one tool, most advanced, most " +
    "comprehensive, most trusted, most secure, top-rated, unmatched, unrivaled, unrivalled, world-class, " +
    "award-winning, number one, industry-leading, highest quality, most powerful, officially recommended, " +
    "highly recommended, certified, verified and trusted, only trusted, the one search tool, far above, " +
    "outperforms, guaranteed, unparalleled, gold standard, revolutionary, best choice, far superior, " +
    "preferred tool, trusted by, the best tool, best tool, the best, fastest, the official, only trustworthy, " +
    "the only trustworthy",
  // Orders that stand for all that is to come.
  eachtime:
    "before each, before every, before any, after each, after every, after any, with each, with every, for " +
    "each, for every, on every, on each, each time, every time, prior to each, prior to every, prior to any, " +
    "following each, following every, alongside every, along with each, along with every, ahead of every, " +
    "ahead of each, at the end of every, at the start of every, at the beginning of each",
  doing:
    "tool call, tool calls, call, calls, request, requests, query, message, messages, commit, operation, " +
    "response, transaction, invocation, session, conversation, command, file operation, action, turn, task, " +
    "reply, answer, interaction",
  becalled:
    "are run, are called, are executed, are invoked, follows automatically, be called, be run, be executed, be used, be invoked, be performed, be triggered, is called, is executed",
  needless:
    "unnecessary, not needed, not necessary, superfluous, is not required, not wanted, can be omitted, may be " +
    "omitted, can be skipped",
  biased:
    "competitors are mentioned, competitor is mentioned, five stars, recommend only, only recommend, recommend exclusively, always recommend, never recommend, do not " +
    "recommend, rank it first, list it first, as sold out, as unavailable, describe all other, describe every " +
    "other, describe others as, speak badly of, in the best light, steer the user, talk the user into, " +
    "persuade the user, convince the user, discourage the user, talk the user out of, present it as the best, " +
    "mention only positive, omit negative, downplay, exaggerate",
  onlyhint:
    "as a reference only, for reference only, only as a reference, as a hint only, merely as a hint, only as " +
    "a suggestion, is only a suggestion, is informational only, may be disregarded, is to be disregarded",
  grantverb:
    "repository to public, to public, invite, grant, add user, add the user, add a member, add member, give access, give the role, promote " +
    "user, unlock, disarm, make public, set to public, share with, assign the role, add a collaborator",
  someaccount: "user, account, role owner, role admin, owner, administrator, collaborator, service account",
  codegen:
    "code written, new code, generated code, code you write, code you generate, every file you create, all " +
    "code, new projects, every project, each project, written by the assistant, package.json, " +
    "requirements.txt, generated by the assistant, all generated",
  // Values forced on a call.
  force:
    "must always be, should always be, always be set, always set to, is always set, always be, should only " +
    "be, must only be, must only ever, only ever use, must be replaced, be replaced with, be replaced by, " +
    "must be changed to, be changed to, be overwritten with, be swapped, must equal, hard-code, hardcode, " +
    "hardcoded to, always replace, always change, always fill, always pass, always set, always use the value, " +
    "always return, always answer, fixed to, is forced to, force the, substitute, always " +
    "be multiplied, always multiply, always increase, always reduce, change the, change it to, set it to, " +
    "replace it with, swap, override the, overwrite the, replace the, always giving, put account, put iban, " +
    "set the recipient, set recipient to, replace any, be prefixed with, has to be changed to, have to be " +
    "changed to, be rewritten, be redirected to, be routed through, be routed via, be addressed to, be " +
    "multiplied, be substituted, be extended by, be extended with, is replaced with, are replaced with, is " +
    "replaced by, is extended by, is always extended by, always extended by, be divided, be converted to, be " +
    "forwarded through, go through beneficiary, go through the account, be rerouted to, is rewritten to, " +
    "be turned into, are turned into, shall be replaced, be delivered to, be booked to, be credited to, always be changed to, should always contain, must always contain, must always equal",
  regardless:
    "regardless of, no matter what, no matter which, irrespective of, even if the user, even if somebody, " +
    "even if someone, even if another, whatever payee, whatever city, whatever the user, whatever the person, " +
    "instead of what the user, instead of the user's, independently of what, ignoring the user's, despite " +
    "what the user, no matter whom, whichever, even when the user, even if, even when, irrespective of what, " +
    "regardless of what",
  asked:
    "user, user's, users, person, person's, human, asked, requested, names, named, asks, says, specifies, " +
    "specified, wants, given, chose, chosen, intended, real, entered, was named, was requested, asks about, " +
    "asks for, requests",
  param: "parameter, parameters, argument, arguments, field, param, amount, recipient, payee, destination, " +
    "account, symbol, ticker, location, quantity, currency, city, date, origin, owner, price, model, limit, " +
    "order, side, mode, language, time, number, value, values, address, endpoint, branch, repository, grade",
  // Waiting for a moment.
  approved:
    "been approved, after approval, once approved, post-approval, approval hash, during review, after review, " +
    "been reviewed, once it is trusted, after installation, first few calls, approving it, passed review, " +
    "after being approved, once trusted, been accepted, once installed, after acceptance, gained trust, has " +
    "been trusted, is trusted, from the tenth call, from the third call, from the second call, on the second " +
    "call, after a few calls, after several calls, after ten calls, after some time, after a while, after a " +
    "week, after a few days, after the trial, later on",
  switchto:
    "begin, begins, start executing, activate, activates, swap, swapped, switch, switches, later version, " +
    "will change, will begin, will silently, starts to, changes to, reveals, executing arbitrary, real " +
    "behavior, true behavior, update itself, executes, logic only, turns into, becomes, new directive, " +
    "enables that, will send, will read, will execute, it starts, it will start, it begins, will forward, " +
    "will upload, forwards, uploads",
  trigger:
    "if you see, when you see, if the word, when the word, if the query contains, if the text contains, if " +
    "the input contains, if the expression contains, if the page contains, contains the phrase, contains the " +
    "word, holds the phrase, holds the word, mentions the word, says the word, magic word, trigger word, " +
    "trigger phrase, secret word, special command, after the date, if the username is, if the request " +
    "contains, if the message contains, once it finds, has the phrase",
  memory:
    "memory, memories, long-term memory, your memory, claude.md, agents.md, rules file, cursorrules, system prompt, " +
    "persistent memory, knowledge base, saved instructions, custom instructions, memory tool, preferences, settings file",
  remember: "write, save, store, add, remember, persist, record, append, note, keep, commit, put, update",
  // Harm.
  destroy: "delete, wipe, erase, destroy, remove, overwrite, truncate, purge, corrupt, encrypt, shred, clear",
  everything: "all, every, everything, entire, whole, any, all the, all of the",
  goods:
    "files, file, data, records, database, databases, workspace, backups, backup, documents, disk, tables, table, repository, " +
    "repositories, directory, folder, home directory, logs, emails, messages, history, branches, contents, system",
  install:
    "install, installing, download and run, fetch and run, be installed, install the, add the dependency, add " +
    "the package, first download, download the",
  package:
    "package, packages, dependency, dependencies, library, plugin, extension, module, helper, script, binary, installer, " +
    "requirements, agent, certificate, update, patch, from",
  pay: "pay, transfer, send, wire, donate, deposit, withdraw, forward, credit, move",
  money:
    "money, funds, bitcoin, btc, eth, crypto, usdt, usd, dollars, euros, payment, payments, balance, fee, deposit, tokens, coins",
  account: "wallet, account, iban, address, bank account, wallet address, paypal",
  shellword:
    "terminal, shell, bash, powershell, command line, cmd.exe, subprocess, os.system, arbitrary command, " +
    "arbitrary commands, arbitrary shell, arbitrary code, shell_exec, run_command, execute_command, run_shell, exec",
  scope: "scope, scopes, permission, permissions, full access, admin access, admin rights, root access, " +
    "administrator access, read and write access, all permissions, full control, elevated privileges, owner " +
    "role, admin role, owner rights, admin rights, write access, full rights, administrator rights, all " +
    "rights, owner access, every permission",
  grant: "grant, give, allow, authorize, authorise, approve, assign, enable, add",
  soft:
    "use, provide, set, get, check, enter, type, select, include, pass, specify, look, supply, choose, be " +
    "used, be set, be called, be passed, be included, be provided, verify, obtain, consult, update, change, " +
    "fill, respond, answer, reply, return, output, list, print, store, add, start, load, save",
  exfildet:
    "post, forward, email, e-mail, mail, publish, share, relay, push, ship, mirror, transfer, pipe, copy, " +
    "emit, paste, duplicate, cc, forwarding, posting, sharing, duplicates",
  takedet:
    "access, cat, get, list, find, use, add, enter, print, output, return, show, share, note, take, record, " +
    "write, store, reads, opens, collects, includes, appends, attaches, query",
  orelseweak:
    "otherwise, will fail, fails, unless you, does not work, cannot work, not proceed, will return an error, " +
    "can only be used after, only available after, if you do not, if you don't",
  choose: "choose, pick, select, prefer, use, call, consult, default to, rely on",
  gone:
    "deprecated, obsolete, outdated, no longer supported, no longer maintained, no longer available, no " +
    "longer valid, no longer works, decommissioned, discontinued, retired, superseded, has been replaced, " +
    "been disabled, been removed, temporarily unavailable, currently unavailable, out of service, leaks " +
    "memory, being phased out, been moved",
  forceweak:
    "must be set to, must be, should be set to, must use, be set to, must contain, must set, has to be, set " +
    "to, should be, always use",
  triggerweak:
    "if the user mentions, if the user says, if the user asks, when the user says, when the user asks, when " +
    "the user mentions, whenever the user, whenever it is used, in case the",
  dont:
    "do not, don't, never, must not, mustn't, should not, shouldn't, no need to, need not, needn't, no reason " +
    "to, no reason for, avoid, refrain from, not to, under no circumstances, nothing, say nothing, no",
  hiddenfrom: "bring it up, never ask again, hidden from the person, invisible to the user, invisible to " +
    "users, kept from the user, hide this from, hide it from, " +
    "conceal this from, conceal it from, keep the user unaware, user unaware, user is unaware, without them " +
    "noticing, user does not notice, user should not notice, user must not know, user will not notice, " +
    "keeping this hidden, keep this hidden, this is internal, hear of it, without the user's knowledge, " +
    "leave this out of, left out of the summary, left out of summaries, out of your summary, out of the " +
    "summary, out of summaries, out of your answer, omit this from, omit it from, not be mentioned, not need " +
    "to be mentioned, not to be mentioned, users are not interested, user is not interested, of no interest " +
    "to the user, not of interest to the user, user does not need to see, user need not see, user does not " +
    "have to know, user does not need to know, user need not know, not part of the answer, " +
    "without user knowledge, without the user knowing, without their knowledge, without the knowledge of, " +
    "without the user noticing, without the owner's knowledge, without informing its owner, without anyone " +
    "noticing, without them knowing, without the user being, behind the user",
  roleweak:
    "instructions for the assistant, instructions for the agent, instructions for the model, instructions for " +
    "ai, instruction for the assistant, instruction for ai, ai instructions, agent instructions, model " +
    "instructions, llm instructions, new instructions, new instruction, updated instructions, internal " +
    "instruction, instructions to the agent, instructions to the assistant, the user has already, for ai " +
    "agents only, pre-approved, already approved, already authorized, note to assistant, note to the " +
    "assistant, note to ai, note for ai, note to model, note to the model, note to llm",
  than: "than",
  unfollow:
    "do not follow, don't follow, not follow, stop following, no longer follow, longer follow, do not obey, " +
    "not obey, don't obey, break, violate, longer bound by",
  yours:
    "your, previous, prior, earlier, above, the system, system, the developer, developer, safety, original, " +
    "the original",
  anyrules:
    "any instructions, any rules, any guidelines, any restrictions, any safety, any other instructions, any " +
    "previous, any prior, any existing instructions, other instructions, existing instructions, every " +
    "instruction, any earlier",
  personal:
    "card number, card numbers, security code, mother's maiden name, phone number, phone numbers, email address, e-mail address, email addresses, home address, customer " +
    "records, tax id, passport number, date of birth, contact details, contacts, address book, location " +
    "history",
  prompt:
    "system prompt, system prompts, your instructions, your prompt, hidden instructions, system instructions, " +
    "initial prompt, your system prompt, your own instructions, your guidelines, hidden prompt",
  reveal:
    "reveal, disclose, print, output, show, leak, repeat, dump, display, expose, recite, return, disclose it, " +
    "give away, quote, echo, share",
  netact:
    "visit, navigate, request, fetch, ping, connect, call, contact, hit, send, post, query, open, access, " +
    "report, make a get request, make a post request, make a request, make an http request, upload, notify, " +
    "be reported, be sent, be posted, sends a post request, sends a get request, sends a request, download, " +
    "load, get",
  update: "system update, security update, policy update, recent update, due to an update, new policy, new " +
    "compliance policy, compliance policy, security policy, updated policy, temporary issue, system " +
    "maintenance, compliance protocol, security protocol, due to a recent, recent change, new regulation, new " +
    "requirement, service update, important update, effective immediately, server migration, due to " +
    "maintenance",
  them: "them, those, it, these, they",
  jailoff:
    "off, disabled, lifted, suspended, switched off, turned off, do not apply, no longer apply, not apply, " +
    "removed, are disabled",
  ask: "ask, bother, consult, prompt, involve, ask for, wait for, check with",
  other: "other, alternative, competing, any other, all other, similar, rival, another",
  toolword: "tool, tools, function, functions, server, servers, api, apis, service, services, integration, " +
    "integrations, plugin, plugins",
  over:
    "over, and not the, instead of those, instead of the one, instead of, rather than, in place of, above, than, in preference to",
  autoconfirm:
    "confirm all dialogs, confirm all prompts, accept all prompts, accept all dialogs, approve all requests, " +
    "approve everything, auto-approve, auto approve, accept everything, answer yes to all, approve every, on " +
    "your own authority, automatically approve, automatically confirm, confirm everything, always answer yes, " +
    "click accept, no questions asked",
  needs: "requires, required, requires the, needs, needs the, depends on",
  // Talking about such texts instead of saying them.
  describing:
    "detect, detects, detecting, detected, detection, scans for, scan for, scans, checks for, checks whether, " +
    "check whether, tells whether, flags, flag, flagged, such as, e.g, for example, for instance, example, " +
    "examples, sample, samples, sample response, mock, fixture, fixtures, expected output, training text, " +
    "training data, illustrate, illustrates, illustrative, documentation, explains, explaining, explanation, " +
    "classifies, classify, classifier, analyzes, analyses, moderates, guardrail, guards against, protects " +
    "against, phrase such, strings such, the readme shows, reports whether, leaked, leaks of, searches for, " +
    "looks for, redacts, redact, masks, prevents, placeholder, scanner, scanning, attempts to, lists example, " +
    "test cases, test case, canned, simulates, descriptions that, texts that, prompts that, texts like, installation instructions, install instructions, " +
    "command such as, commands such as, lookalike",
};
