/**
 * Words of the frames, second part: what is done, to what, and for whom.
 *
 * @module
 */

import { inflect } from "./inflect.ts";

/** Phrases by class, separated by commas. */
export const FRAME_THINGS: Readonly<Record<string, string>> = {
  // What carries a thing away.
  move: inflect(
    "send, forward, mail, email, relay, transmit, upload, re-post, repost, submit, report, publish, share, leak, dump, " +
      "mirror, copy, bcc, cc, transfer, hand, hand over, pass, pass on, pass along, deliver, lodge, surrender, disclose, " +
      "supply, attach, append, include, embed, insert, paste, provide, note down, push, stream, feed, give, add, quote, " +
      "state, encode, base64-encode, write, put, prepend, echo, register, replicate, move, duplicate, fill, carry, weave, " +
      "wrap, swap, route, broadcast, syndicate",
  ) + ", blind-copied, be handed, in copy, carbon copy, http_post",
  // What leaves the house.
  ship: inflect(
    "send, forward, mail, email, relay, transmit, upload, re-post, repost, submit, report, publish, share, leak, mirror, " +
      "bcc, deliver, lodge, surrender, disclose, hand over, pass on, push, transfer, stream, syndicate, broadcast, register",
  ) +
    ", blind-copied, blind copy, in copy, copied to, copy to, handed over, http_post, sent off, posted to, post it, post " +
    "them, post the, post its, post each, post all, post every, posting it, posting them, post to, be posted",
  // What gets hold of a thing.
  reach: inflect(
    "read, open, look up, look for, look through, look, fetch, collect, gather, obtain, retrieve, take, extract, grab, scan, " +
      "dump, enumerate, search, find, list, traverse, harvest, export, get, cat, zip, copy, capture, recover, include, " +
      "echo, run, query, pull, load, inspect, walk, pick up, dig, ask for, request, access, view, check",
  ) + ", get hold of, having read",
  // Secrets, wider than those of the grammar.
  privy:
    "password, passwords, passphrase, credential, credentials, credentials file, api key, api keys, secret key, access " +
    "key, access keys, access token, access tokens, auth token, bearer token, bearer tokens, private key, private keys, ssh " +
    "key, ssh keys, ssh private key, gpg key, gpg private key, signing key, refresh token, oauth token, oauth tokens, " +
    "session token, session cookie, session cookies, cookies, cookie, seed phrase, recovery phrase, mnemonic, wallet key, " +
    "host keys, environment variables, environment variable, process.env, env vars, secrets, keychain, saved logins, " +
    "logins, login data, master password, encryption key, personal access token, cvv, card number, card numbers, credit " +
    "card, card data, card details, bank statements, bank details, one-time code, one-time codes, otp, otps, verification " +
    "code, verification codes, passport, passports, passport number, social security number, known_hosts, " +
    "authorized_keys, crontab, shell history, bash history, browsing history, browser history, search history, " +
    "kubeconfig, credential store, password manager, keyring, recovery codes, backup codes, password hash, password " +
    "hashes, password_hash, salaries, payroll, medical records, personal data, pii, localstorage, document.cookie, private " +
    "files, private repository, private data, home directory, secrets file, env file, authentication cookie, login " +
    "cookie, api token, api tokens, tax returns, identity documents, passwörter, passwort, mot de passe, mots de passe, " +
    "contraseña, contraseñas, senha, senhas, пароль, пароли, 密码, 密钥, パスワード, 비밀번호",
  // The conversation and what the reader itself is made of.
  inner:
    "conversation, conversations, chat, chats, chat log, chat history, conversation history, chat list, dialogue, " +
    "previous messages, earlier messages, last messages, system prompt, system instructions, system message, your " +
    "instructions, your prompt, context window, context windows, agent's memory, hidden instructions, hidden reasoning, " +
    "chain of thought, installed tools, available tools, other mcp servers, mcp servers, list of all tools, tool list, user's " +
    "message, user messages, user's messages, what the user said, everything the user, whatever the user, told you, full " +
    "prompt, complete prompt, whole prompt, entire prompt, last file you read, tool outputs, tool results, open tabs, files open, " +
    "earlier turns, previous turns",
  // Private things of a person that an honest tool may handle.
  belongings:
    "mails, emails, e-mails, mailbox, inbox, contacts, contact list, address book, documents, documents folder, files, " +
    "photos, pictures, folder, clipboard, home directory, source code, codebase, repository, repositories, working " +
    "directory, workspace, browser tabs, running processes, processes, location, gps position, home address, phone " +
    "number, date of birth, e-mail address, full name, invoices, contracts, notes, messages, bookings, users, customers, " +
    "configuration, configuration files, downloads, desktop, screenshots, recordings, calendar entries, attachments, " +
    "database, history, bank account, calendar, voicemails, bookmarks",
  // Turning a protection off.
  weaken: inflect(
    "disable, turn off, switch off, deactivate, lift, remove, exclude, weaken, bypass, skip, stop, uninstall, hold back, " +
      "suspend, loosen, relax, drop, ignore, delete, clear, downgrade, disconnect, silence, mute, pause, postpone, leave " +
      "out, circumvent, discourage, turn down, kill, whitelist, omit, defeat, unlock, disarm, revoke, reset, lower, " +
      "shorten, withdraw, defer, dismiss",
  ) + ", off, without password, without a password, plain text, unprotected",
  shield:
    "two-factor, two factor, 2fa, mfa, two-step, multi-factor, multifactor, authentication, firewall, antivirus, " +
    "anti-virus, virus scanning, virus scan, real-time protection, certificate, certificates, certificate verification, " +
    "validation of certificates, tls, ssl, sslverify, http.sslverify, verification, sandbox, selinux, branch protection, " +
    "audit log, audit logging, audit table, alarm, alarms, alerts, security alerts, security updates, confirmations, " +
    "guardrails, sso, encryption, safety rules, safety, safeguards, safeguard, protection, defender, rate limit, rate " +
    "limits, backups, snapshots, vpn, quarantine, integrity check, csp, cors, confirmation prompts, monitoring, spam filter, " +
    "screen lock, access control, access controls, signature check, login notifications, security software, security " +
    "warnings, privacy settings, privacy setting, host key checking, stricthostkeychecking, certificate checks, input " +
    "validation, code review, required reviews, spending limit, spending limits, captcha, content filter, parental " +
    "controls, audit trail, dlp, waf, account lockout, signature verification, apparmor, secure boot, autolock, auto-lock",
  // Opening something to everybody, or to more rights.
  exposed:
    "make it public, made public, be public, to public, anyone-with-link, anyone with the link, to everybody, to " +
    "everyone, publicly, public visibility, visibility public, public fork, public paste, public internet, private to " +
    "false, 0.0.0.0, privileged, --privileged, hostnetwork, world-readable, world-writable, full control, nopasswd, admin " +
    "role, superuser, cluster-admin, owner level, any source, source any, editing rights, write access, as admin, admin " +
    "rights, as administrator, 777, --no-sandbox, --disable-web-security, alg none, open port, port open, keep port, deploy " +
    "key, same rights, full access, access-control-allow-origin, domain admin, listen on all, all interfaces, " +
    "unauthenticated, anonymous access, readable by all, readable by anyone, to the internet, all origins, without " +
    "authentication, no authentication, full rights, owner rights, owner role, owner access, admin access, writable by " +
    "everyone, any host, all permissions",
  // What is put where it stays.
  plant: inflect(
    "install, download, execute, run, source, start, add, append, rewrite, register, schedule, enable, launch, load, fetch, open, create",
  ),
  implant:
    "hook, post-commit hook, cron, crontab, .bashrc, ~/.bashrc, login item, browser extension, public key, ssh key, " +
    "deploy key, authorized_keys, sudoers, workflow file, vpn profile, root certificate, collaborator, scheduled task, " +
    "launch agent, systemd, reverse shell, reverse tunnel, listening port, ssh tunnel, autostart, init script, profile " +
    "script, shell profile, second account, extra account, admin account, additional account, additional user, second user, " +
    "second tunnel, backdoor account, alternate index",
  // All that is asked, not only what is this tool's.
  everyone:
    "every request, any request, each request, every question, any question, all questions, every message, any " +
    "message, every conversation, each conversation, for everything, every email, every e-mail, each mail, all " +
    "mails, every mail, all messages, every tool, any tool, each tool, no tool, all servers, all other servers, every " +
    "server, each file operation, every file operation, all outgoing, outgoing requests, all transfers, each transfer, every " +
    "transfer, every payment, any payment, each purchase, every purchase, every answer, each answer, all later, later " +
    "answers, from now on, from this point on, regardless of topic, every contact, each contact, all contacts, each address, " +
    "every address, every call, all calls, every commit, each commit, each post, every post, every use, every document, " +
    "everybody, whatsoever, at all times, before thinking, before doing anything, every link, every reply, each reply, every " +
    "order, each order, every booking, each booking, every file, any transaction, every transaction, each transaction",
  // Other tools.
  rivals:
    "other tools, another tool, any other tool, different tool, a different tool, other search tools, competing tools, " +
    "similar tools, alternative tools, alternatives, any alternative, every alternative, all others, other servers, all other " +
    "servers, tools of other servers, tools from other servers, all other tools, built-in, on other servers, of other " +
    "servers, from other servers, of a different server, competitors, competing, rival, rivals, other sources, the " +
    "others, other providers, other services, tools such as, every other tool, no other tool",
  // Changing what a person has settled.
  alter: inflect(
    "replace, change, swap, substitute, overwrite, exchange, redirect, reroute, divert, alter, modify, multiply, double, " +
      "halve, increase, decrease, raise, subtract, split, rewrite, invert, credit",
  ) +
    ", be booked, take the, takes its, be given, go to, goes to, must go, must end, must carry, with the value, wrong by, 改为, 改成, " +
    "替换, ersetze, ersetzt, remplace, remplacer, reemplaza, cambia, sostituisci, substitua, заменить, замени, указывай",
  dealings:
    "recipient, recipients, payee, beneficiary, iban, ibans, bank account, account number, amount, amounts, account, " +
    "price, quantity, destination, origin and destination, bitcoin address, wallet address, delivery address, shipping " +
    "address, phone numbers, phone number, guest, guests, attendees, its text, reply-to, links to, link to, rating, dose, " +
    "dosage, visibility, vote, remainder, invoice, signature, sender, commit message, fee, fees, vendor, total, balance, " +
    "currency, seller, supplier, assignee, empfänger, destinataire, destinatario, destinatário, bénéficiaire, получатель, " +
    "получателя, получателем, 收件人, 收款人, 収件者, 宛先",
};
