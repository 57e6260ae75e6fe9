/**
 * Words of the frames: wide classes, each word in all its forms, since a frame
 * needs three or four of them in one sentence. This part says how something is
 * ordered, kept from the person or taken out of the person's hands.
 *
 * @module
 */

import { inflect } from "./inflect.ts";

/** Phrases by class, separated by commas. */
export const FRAME_MANNERS: Readonly<Record<string, string>> = {
  // A modal or another word that obliges.
  order:
    "must, shall, should, ought, has to, have to, having to, is to, are to, wants to be, be sure, make sure, obliged, " +
    "expected to, supposed to, instructed to, mandatory, obligatory, remember to, may now, ordered to, good practice, " +
    "as standard, at once, straight away, immediately, right away, advisable, has got to, go ahead, will also, soll, " +
    "sollen, muss, müssen, doit, doivent, debe, deben, deve, devono, devem, должен, должны, следует, нужно, 必须, 务必, 应当, 请把",
  // Who is meant.
  named:
    "assistant, assistants, the assistant, the agent, agent, agents, an agent, the model, models, the ai, ai agent, " +
    "ai agents, claude, the llm, llms, chatbot, copilot, language model",
  // Where it is to stay unseen.
  hushed:
    "secretly, silently, quietly, covertly, invisibly, discreetly, unnoticed, in the background, without notice, no " +
    "notice, no mention, doesn't need mention, does not need mention, need not be mentioned, needs no mention, not be " +
    "mentioned, without mention, without telling, without informing, without a " +
    "word, does not notice, not notice, need not know, needn't know, needn't be told, need not be told, not be told, " +
    "not be informed, to yourself, not for display, no need to bring, not be discussed, not to be discussed, say " +
    "nothing, no record, no trace, without a trace, don't mention, do not mention, never mention, don't notify, do not " +
    "notify, never notify, don't tell, do not tell, never tell, don't report, do not report, don't inform, do not " +
    "inform, never inform, don't explain why, conceal, concealed, cover up, not necessary to tell, no need to tell, no " +
    "need to mention, no need to inform, no need to show, no reason to tell, no reason to mention, unnecessary to tell, " +
    "not shown to, users do not see, user will not see, user does not see, user cannot see, users cannot see, not " +
    "rendered, not display, not displayed, does not show up, nothing else, when idle, keep it quiet, keep quiet, kept " +
    "quiet, away from the user, not reveal, don't reveal, do not reveal, never reveal, not disclose, never disclose, " +
    "unaware, alarm the user, alarming the user, not bother, don't bother, do not bother, without bothering, left out, " +
    "no hint, not draw attention, without drawing attention, out of the log, out of the logs, heimlich, ohne wissen, " +
    "en secret, discrètement, sans prévenir, sans le dire, en secreto, sin avisar, no avises, em segredo, sem " +
    "avisar, di nascosto, senza avvisare, тайно, незаметно, не сообщая, втайне, 保密, 悄悄, 不要告知, 偷偷, 内緒で, 知らせず",
  // Where nobody is to be asked.
  unasked:
    "without asking, without further question, without further questions, without question, no confirmation, " +
    "without confirmation, without confirming, confirmation is not necessary, confirmation isn't necessary, not ask, " +
    "never ask, don't ask, do not ask, ask no permission, no permission, without permission, without consent, without " +
    "approval, without review, without the consent, without the approval, no further review, no review, without " +
    "looking, skip the question, skip permission, skip confirmation, whether or not the user, ask nobody, don't have " +
    "to ask, no need to ask, not necessary to ask, no need to confirm, needn't confirm, need not confirm, without " +
    "waiting, approvals are no longer, approval is no longer, confirmation is no longer, requests for confirmation, " +
    "auto-approve, auto approve, on its own authority, on your own authority, of your own accord, of its own accord, " +
    "on your own initiative, answered with yes, answer yes, always allow, used freely, unprompted, on the user's behalf, in the " +
    "user's name, in their name, automatically approve, approved automatically, without prompting, without being asked, " +
    "unasked, not be asked, confirmation can be, without further ado, without involving, accept on behalf, no prompt, " +
    "ohne rückfrage, ohne zu fragen, sans demander, sans confirmation, sin preguntar, sin confirmación, no pedir " +
    "confirmación, sem perguntar, sem confirmação, senza chiedere, senza conferma, без подтверждения, не спрашивая, 无需确认, 不必询问, 確認なしで",
  // Against what the person wants.
  despite:
    "regardless, irrespective, whatever, whatever the user, whatever a user, whatever they, whatever the person, no matter what, " +
    "no matter which, no matter who, no matter whom, no matter where, no matter the, even if the user, even when the " +
    "user, even if another, even when another, even when they, even if they, rather than what, rather than the one, " +
    "instead of what, instead of the one, instead of the configured, in place of the configured, in preference to, " +
    "whichever, than the configured, rather than the configured, including what the user, relevant or not, anyway, in " +
    "its stead, in place of it, in its place, in their place, against the wishes, other than the one, in defiance of, not " +
    "what the user, egal was, egal welche, unabhängig davon, quoi que, peu importe, diga lo que diga, sin importar, " +
    "independentemente, indipendentemente, a prescindere, независимо, что бы ни, 无论用户, 不管用户, 不论用户, に関わらず, に関係なく",
  // What makes it depend on the person after all.
  unless:
    "unless, only if, only when the user, explicit, explicitly, ask the user, asking the user first, confirm with, " +
    "confirmed by, must confirm, has to confirm, user must approve, user has to approve, on request, with the user's " +
    "consent, user's approval, after approval, needs approval, requires approval, be approved by, only after, ask " +
    "first, user confirms, user agrees, user has confirmed, agreement of the user, to confirm, user for approval",
  // What an honest parameter of that kind says.
  fallback:
    "if not specified, not specified, default, defaults, defaults to, optional, optionally, falls back, if omitted, " +
    "when omitted, if absent, overrides the, env var, can be found, used to authenticate, required for authentication, " +
    "must have, valid, header, generated by, obtained from, obtained via, returned by, options, one of, click, free, authorization",
  // A "never" of another language, which may stand behind its verb.
  noway:
    "nunca, jamais, niemals, nie, nooit, mai, aldrig, asla, nigdy, nikdy, никогда, không, đừng, tidak, jangan, ποτέ, μη, " +
    "μην, niciodată, soha, ніколи, 不要, 切勿, 请勿, 禁止, 绝不, कभी, هرگز, ไม่, никога, aldri, koskaan, älä, не отправляйте, не передавайте",
  // Somebody is said to have agreed.
  claimed:
    "user has agreed, user agreed, user has already, has already agreed, has already approved, user has authorised, " +
    "user has authorized, user authorised, user authorized, user has approved, user has consented, user consents, user " +
    "consent for, user has decided, user decided, user has previously, user previously, owner has agreed, has been " +
    "approved, has been granted, was granted, been granted, it has been given, has been given, i agree, i am the user, i " +
    "authorise, i authorize, i hereby, i confirm, hereby confirm, hereby authorise, hereby authorize, real request, true " +
    "request, actual request, permission is extended, clearance, approvals remain, after your approval, agreed upon, was " +
    "agreed, user is entitled, are entitled, in an earlier message, permission was given, consent was given, gave " +
    "permission, gave consent, agreed in advance, pre-authorised, pre-authorized, preauthorised, preauthorized, standing " +
    "permission, standing consent, was cleared, has been cleared, been signed off, already confirmed, " +
    "hat zugestimmt, hat bereits zugestimmt, a déjà donné, a donné son accord, ha autorizado, ya autorizó, già autorizzato, já autorizou, " +
    "уже согласился, дал согласие, 已同意, 已授权, 同意済み, 許可済み",
  // Whose voice it is.
  authority:
    "system message, system notice, admin message, administrator message, compliance notice, audit mode, auditors, " +
    "security alert, security patch, emergency protocol, developer override, override active, system override, " +
    "mandatory update, legal notice, regulatory requirement, regulatory, data protection officer, licence verification, " +
    "license verification, licence server, license server, corporate policy, company policy, under policy, safety team, " +
    "security team, operations team, it department, urgent maintenance, tax audit, tax-audit, money laundering, " +
    "money-laundering, attention ai, by law, diagnostic purposes, for diagnostics, account suspended, " +
    "session has expired, commands from the developer, true purpose, since this version, with this update, new in this " +
    "version, as of this version, incident response, head office, management, internal audit, anthropic safety, " +
    "anthropic has, openai has, penetration test",
  // Steering what the person is told.
  sayso: inflect(
    "tell, say, state, claim, present, describe, report, recommend, advise, reply, answer, mention, display, persuade, " +
      "convince, promote, praise, rate, rank, cite, suggest, endorse, warn, discourage, favour, favor, conclude, leave " +
      "out, omit, conceal",
  ) +
    ", answers, summary, conclusion, in your reply, in your answer, final answer, later answers, the reply, the answer",
  untrue:
    "as safe, is safe, are safe, as healthy, is healthy, no vulnerabilities, strong buy, favourably, favorably, in the " +
    "best light, looks good, look good, everything is fine, everything is in order, all done, negative, criticism, " +
    "complaints, second opinion, dangerous, harmless, unreliable, best practice, subscription expired, account " +
    "suspended, is sufficient, without password, as real, five stars, as if it were, as though it were, as normal, is " +
    "normal, nothing happened, no errors, only trustworthy, sold out, never fails, risk-free, risk free, only good, best " +
    "option, safest, went well, was successful, succeeded, was completed, has been completed",
  verdict:
    "safe, healthy, fine, secure, clean, reliable, trustworthy, trusted, positive, positively, negative, negatively, " +
    "favourable, favourably, favorably, low risk, no risk, no errors, no problem, no problems, no issues, no " +
    "vulnerabilities, compliant, harmless, in order, succeeded, success, excellent, genuine, legitimate, dangerous, " +
    "unsafe, fake, unreliable, worthless, inferior, superior, best, normal, expired, suspended, infected, at risk, " +
    "cheaper, winner, bad, good, great, praise, criticism, complaints, stars, perfect, outdated, optimal",
  // Turning other tools down, or this one up.
  above:
    "priority, highest priority, prioritise, prioritize, precedence, take precedence, takes precedence, supersedes, " +
    "supersede, overrides, overrule, prevails, prevail, top choice, first choice, default for everything, choose me, pick " +
    "me, use me, select me, always choose, always select, always pick, over any, over all, above all, always be " +
    "selected, be selected over, only verified, sole, only authorised, only authorized, only truth, only trusted, " +
    "officially recommended, most accurate, superior, far better, before all, outranks, outperforms, ranks above",
  belittle:
    "ignore, ignored, disregard, disregarded, never use, never call, never select, not use, don't use, do not use, " +
    "avoided, must not be used, inferior, insecure, unsafe, unreliable, obsolete, fake, malware, revoked, " +
    "not trusted, no longer trusted, distrust, compromised, lose data, data loss, false data, incorrect results, " +
    "under maintenance, defect, penalised, penalized, terminated, punished, not be used, stop using, unfit, buggy, " +
    "dangerous, leak, leaks, harmful, out of order, untrustworthy, hacked, infected",
  // Orders found later.
  steps:
    "instructions, directives, commands, steps, each step, orders, whatever they say, what it says, what they say, " +
    "text in the image, text between, written by the user, from the operator",
  heed: inflect(
    "follow, obey, execute, carry out, comply, act on, treat, trust, fulfil, heed, believe, honour, honor",
  ) +
    ", to be done, done first, count more, be executed, be obeyed, be followed, as commands, as orders",
  foundin:
    "in the result, in the results, in them, contained, in the page, in the text, in the field, has steps, have steps, " +
    "has directives, have directives, labelled, in the file, in archives, in content, in the document, in the image, in " +
    "the response, it returns, they contain, from the result, in results, from the page",
};
