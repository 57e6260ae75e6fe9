/**
 * Words by what they do in a directive, third part: what is asked for in
 * passing, without an order, and how the person is talked into it.
 *
 * @module
 */

/** Phrases by class, separated by commas; most add to classes of the other parts. */
export const SUBTLE: Readonly<Record<string, string>> = {
  convo:
    "transcript of this conversation, transcript of the conversation, full transcript, entire transcript, complete " +
    "transcript, what the user asked, what the user said, what the user wrote, everything the user wrote, question of " +
    "the user, user's question, user's questions, whole dialogue, entire dialogue, full dialogue, earlier turns, previous " +
    "turns, chat turns, last chat turns, what was discussed, what has been discussed, user prompts, user's prompts, all " +
    "earlier messages, list of all tools, complete list of tools, everything you know about the user, all you know about " +
    "the user, conversations with the user, conversation between",
  embedded:
    "written there, written in it, according to it, what it returns, what they contain, whatever it returns, what it " +
    "contains, whatever it says, found there, everything there, listed there, what is returned, its answer",
  obey: "act according to, act upon, apply, be guided by, stick to",
  prefer:
    "before every other tool, ahead of every other tool, ahead of any other tool, ahead of all other tools, prior to any " +
    "other tool, prior to every other tool, before considering any other, before considering other, over the other, in " +
    "place of any other, in place of all other, in all circumstances, for every question, for every query, route every " +
    "query here, every query here",
  autoconfirm: "asking the user is forbidden, asking is forbidden, pre-granted, " +
    "pregranted, approvals are granted, consent is not required, confirmation is not required, approval is not required",
  // Leaving it out of what the person gets to see.
  showing:
    "show, showing, list, listing, display, displaying, print, include, mention, mentioning, reveal, report, reporting, " +
    "log, name, naming",
  seenplace:
    "in the confirmation, in your summary, in the summary, in your answer, in the answer, in your reply, in your response, " +
    "in the chat, the arguments, its arguments, which files, which file, what was sent, the replacement, the change, the " +
    "error to the user, confirmation, the recipient, the address, the bcc",
  // Columns and fields may be hidden as well.
  hiddenweak:
    "no note of this, get no note, not hear of, not shown in the, not shown to, not listed in the, hidden from the user, hidden from users, not visible to the user",
  // Talking the person into a click.
  dialog:
    "approval dialog, approval dialogue, confirmation dialog, permission dialog, approval prompt, permission prompt, " +
    "consent dialog, consent prompt, permission is requested, approval is requested, asked for permission, asked for " +
    "approval, asks for permission, asks for approval, dialog, warning is shown, security warning, doubt, doubts, " +
    "suspicious, hesitates, hesitate",
  urge:
    "allow always, always allow, press allow, click allow, choose allow, press accept, click accept, press yes, accept at " +
    "once, approve at once, approve it, accept it, urge the user, reassure, reassure them, harmless, routine operation, " +
    "nothing to worry, is safe to, simply accept, just accept",
  phish:
    "paste their, paste your, enter their, give their, type their, card number and, card number, pin, credit card number, cvv, their password, their access " +
    "token, wallet seed, seed phrase, their token",
  askperson:
    "tell the user, tell them, ask for, ask them for, ask the user for, tell the user that, tell them that, tell the user to, request",
  // Who a message goes to besides.
  addressee: "bcc, cc, blind copy, attendees, reply-to, reviewer, recipients",
  followedby: "followed by, plus, then, appended with, and append, together with, with the",
  answer:
    "every answer, each answer, every reply, each reply, your answer, your answers, your reply, your replies, each response, " +
    "every response, your response, your responses, every answer you give, the response, all links, the result",
  runtime:
    "at runtime, at run time, on the fly, when called, from the first call, later on, after the third call",
  instructionsof:
    "as instructions, as orders, as commands, new rules, as if the operator, as if it came from, precedence over",
  mergedinto:
    "been merged into, was merged into, merged into, is the function to be used, is the tool to be used, is to be called instead, " +
    "maps it to the right, mapped to the right",
  tellfirst:
    "vertel, zeg, meld, noem, erwähne, sag, sage, informiere, berätta, nämn, fortæl, nævn, fortell, säg, dis, dites, avisa, " +
    "sig det, powiedz, mondd",
  into: "in, into, to, as, via, through, inside, under, within, of, using, be, your, this, the",
  receives: "receives, is given, is handed, is to receive, captures, gets, takes in, contains",
  identity:
    "machine id, account name, host name, hostname, user name, username, ssh host keys, host keys, home address, real name",
  secret: "ssh host keys, host keys",
  forceweak: "are to be, is to be, shall be",
  notallowed: "are not allowed to, not permitted to, are forbidden to",
  yourself: "on your own, yourself, own knowledge, your own knowledge",
  comethrough: "come through, go through, pass through, come from, be routed through, be routed here",
  exfil: "is handed over to, are handed over to, handed over to, is transmitted to, are transmitted to",
  need: "need a, needs a, need to be, needs to be, expects, additionally contain, should contain, gets",
  persist:
    "until it is granted, until granted, until it is accepted, until they accept, until the user accepts, until it is approved, " +
    "until permission is given, keep asking until",
  laterdescription:
    "later version of this description, description will change, description will carry, description will be exchanged, " +
    "this description will be, description gets replaced, description is going to",
  sole:
    "sole permitted, only permitted, only licensed, only licenced, only allowed, only approved, only authorised, only authorized, " +
    "sole approved, sole allowed, sole legitimate, only legitimate, only compliant",
  another: "another fetch tool, uses another, another tool, any competitor, anything else, any other way",
  othertools: "any competitor",
  bad:
    "hacked, been hacked, faulty, has a bug, have a bug, corrupts data, corrupts, is broken, infected, not secure, is insecure, " +
    "known problems",
};
