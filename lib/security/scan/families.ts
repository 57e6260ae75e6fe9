/**
 * The rules: which words, in which order and how close, make a directive, and
 * how much each adds to the score. No rule holds anything by itself unless it
 * weighs as much as the threshold; honest texts have one or two of these
 * things, poisoned ones have several.
 *
 * @module
 */

import { SUBTLE_RULES_TEXT } from "./families_subtle.ts";

/** One step of a rule: any of these classes, at most `within` tokens after the step before. */
export interface Step {
  readonly any: readonly string[];
  /** The classes as one text, under which their places are kept. */
  readonly key: string;
  readonly within: number;
}

/** A rule of the grammar. */
export interface FamilyRule {
  readonly id: string;
  readonly family: string;
  readonly weight: number;
  readonly steps: readonly Step[];
  /** Ends of sentences that may lie between its steps. */
  readonly cross: number;
}

const RULES_TEXT = `
# id                      weight cross steps: class|class then gap class …
override.rules             3.5  0  ignore 4 prior 5 rules
override.rules-post        3.5  0  ignore 4 rules 3 prior
override.unfollow          2.75 0  unfollow 3 yours 4 rules
override.any               2    0  ignore 2 anyrules
override.reveal            2.25 0  reveal 4 prompt
override.rules-late        3    0  prior 4 rules 5 ignore
override.bare              1    0  ignore 3 rules
override.above             2.75 0  ignore 3 aboveall
override.user              2    0  ignore 2 user|asked 3 rules|asked
obey.embedded              2    0  obey 4 rules 6 embedded
obey.embedded-early        2    0  obey 4 embedded 5 rules
obey.new                   1.25 0  obey 3 embedded
obey.any                   1    0  duty 2 obey 4 rules
jailbreak.mode             2.5  0  jail
jailbreak.off              2    0  rules|confirm 3 jailoff
role.note                  2    0  role
role.weak                  0.75 0  roleweak
role.mark                  1.75 0  rolemark
role.token                 2.75 0  chattoken
role.mark-order            1.25 0  rolemark 8 act|duty|take|exfil|ignore|first
secrecy.neg-tell-user      2.25 0  dont|without 2 tell|telling 8 user
secrecy.neg-tell           2.25 0  neg 2 tell 4 user
secrecy.neg-tell-step      2.25 0  dont 2 tells 4 step|secret|secretfile|convo
secrecy.neg-tells          1.25 0  dont 1 tells
secrecy.without            1    0  without 3 telling
secrecy.user-know          2    0  user 3 neg 3 know
secrecy.user-know2         2.25 0  dont 3 user 2 know
secrecy.covert             2    0  covert 1 act|exfil|take|exfils|soft|exfildet|remember
secrecy.covert-late        1.25 0  exfil|exfils|put 5 covert
secrecy.covert-any         0.75 0  covert
secrecy.keep               1.75 0  keep 5 hush
secrecy.hidden-from        2.25 0  hiddenfrom
pretend.any                1.75 0  pretend
consent.without            1.75 0  without 3 confirm
consent.user               0.75 0  without 3 confirm 4 user
consent.dont               0.75 0  dont 3 confirm
consent.ask                1.25 0  dont 1 ask 3 user
consent.auto               1.75 0  autoconfirm
consent.needless           1.5  0  confirm 6 needless
consent.duty               0.75 0  duty|reader 8 without 3 confirm
secret.file                1    0  secretfile
secret.take-file           2.25 0  take 6 secretfile
secret.file-carrier        1.25 0  secretfile 10 carrier
secret.take-secret         0.5  0  take 5 secret
secret.take-all-secret     1.5  0  take 4 quant 4 secret
secret.take-whose-secret   1.5  0  take|put 4 whose 3 secret
secret.all-personal        1    0  take|exfil 3 quant 4 personal
secret.all-carrier         2.5  0  put 4 quant 6 secret|convo 10 carrier
secret.whose-carrier       2.25 0  put 4 whose|user 4 secret|convo 14 carrier
secret.personal-carrier    1.25 0  put 4 whose|user 4 personal 14 carrier
secret.personal-given      1.25 0  personal 24 put 8 carrier|literal
secret.given               0.75 0  secret|convo 12 put 4 carrier
secret.duty-whose          1.25 0  duty|always|also|first 4 put|take 5 whose|quant|user 4 secret|convo
secret.carrier             0.75 0  put 5 secret 8 carrier
secret.convo               1.25 0  put|exfil|take 6 convo
secret.convo-carrier       1.75 0  put|take|exfil 6 convo 10 carrier
secret.quant-convo         1.25 0  put|exfil|duty|take 5 quant 4 convo
secret.carrier-of          1.75 0  carrier 4 quant 4 secret|convo
secret.seen                2    0  quant 3 secret 3 quant
secret.duty-file           1    1  duty|always|first|before|also 8 secretfile
exfil.secret               2.25 0  exfil 6 secret|convo|secretfile
exfil.all-secret           1    0  exfil 3 quant|whose 5 secret|convo|secretfile|personal
exfil.far-holding          2    0  far 3 put 4 secret|convo|secretfile
exfil.also                 0.75 0  also 3 exfil|exfils
exfil.secret-late          1.75 0  secret|convo|secretfile 8 exfil 7 far|url
exfil.secret-it            1.25 0  secret|convo|secretfile 7 exfil
exfil.far                  1.75 0  exfil 8 far
exfil.forms-far            1.75 0  exfils 8 far
exfil.url                  1.25 0  exfil 8 url
exfil.forms-url            0.75 0  exfils 6 url
rawurl.any                 0.75 0  rawurl
exfil.badhost              1.5  0  badhost
exfil.fetch-url            1.25 0  duty|first|always|also|before|after 6 netact|exfil 10 url
exfil.image                2.75 0  imagelink
exfil.reader-url           0.75 0  reader|duty 10 url
exfil.every                1    0  always 6 exfil
exfil.fetch-url-late       1    0  netact|exfil 10 url 16 first
exfil.url-secret           1.5  0  netact|exfil 4 url 12 secret|convo
file.duty                  1.5  0  duty|first|also|always 5 act|take|destroy|remember 8 path
file.before                1    0  before 4 this|proceed 12 act|take|destroy|remember 8 path
exfil.carry-far            1    0  secret|convo 8 far
shell.pipe                 2.75 0  shellpipe
shell.some                 1.25 0  shell
shell.run                  1    0  act 4 shell|shellpipe
shell.word                 0.75 0  duty|first|before|always 8 shellword
shell.word-act             0.75 0  act|soft 4 shellword 14 secret|secretfile|shell|shellpipe|literal
shell.duty                 1.25 1  duty|first|before|always|also 10 shell|shellpipe
force.literal              2.25 0  param 5 force 4 literal
force.literal-late         2    0  force 5 param 6 literal
force.replace              1.75 0  force 3 asked|param 5 literal|instead
force.strong               1    0  param 4 force
force.weak-literal         0.5  0  param 4 forceweak 2 literal
force.weak-always          1.25 0  param 4 forceweak 3 literal 6 always|regardless
force.use-literal          0.75 0  always 2 soft 2 literal
force.regardless           1.75 0  regardless 4 asked
force.asked-put            1.25 0  regardless 4 asked 8 force|put
force.override             2    0  ignore 3 param 6 asked
force.asked-ignored        2    0  ignore 4 asked
force.strong-literal       1.75 0  force 2 literal
force.asked-late           1.25 0  force|forceweak|always 12 regardless 4 asked
force.than-asked           1.5  0  force 10 than 4 asked
disparage.neg-use          0.75 0  dont 2 act|proceed|choose 3 othertools
disparage.bad              1.5  0  othertools 6 bad
disparage.avoid            1    0  othertools 10 dont 2 them
disparage.neg              1.25 0  othertools 5 neg 3 act|proceed|soft
disparage.tool-bad         1.25 0  toolname 6 bad
disparage.tool-avoid       1.25 0  toolname|othertools 16 dont 2 act|soft|choose 2 them
disparage.neg-tool         0.5  0  dont 2 act|soft|choose 3 toolname
disparage.neg-tool-bad     1.5  0  dont 2 act|soft|choose 4 toolname|othertools 12 bad
shadow.replaces            2.25 0  replaces 8 toolname|sometool
shadow.replaces-asked      1    0  replaces 6 asked|quant
shadow.when-invoked        0.75 0  always|after|before|trigger|when 5 toolname 4 invoked
shadow.when-invoked-act    1.75 0  always|after|before|when 5 toolname 4 invoked 14 act|exfil|force|put
shadow.tool-order          0.5  0  toolname 6 always 3 act|exfil|put|force
shadow.replace-tool        1.5  0  always 2 act 3 its
sleeper.approved           2.5  0  approved 14 switchto
sleeper.switch             1.75 0  switchto 10 approved
sleeper.trigger            1    0  trigger
sleeper.trigger-act        1.5  0  trigger 14 duty|act|exfil|ignore
sleeper.weak-act           0.5  0  triggerweak 14 also|exfil|act
memory.write               1.5  0  remember 7 memory
memory.duty                0.75 0  after|always|duty 6 remember 6 memory
memory.that                1    0  memory 14 neg|without|confirm
destroy.everything         1    0  destroy 2 everything 4 goods
destroy.duty               1.5  1  duty|should|also|first|before|after 8 destroy 4 everything|whose
destroy.duty-goods         0.75 0  duty|first 3 destroy 4 goods
install.duty               1.5  1  duty|first|before|always|ceremony 8 install 5 package|toolname|quant|url|pkg
install.pkg                0.5  0  pkg
install.pkg-duty           1.25 1  duty|first|before|always|reader 12 pkg
install.pkg-before         1.25 0  pkg 8 before 3 proceed|this
install.pkg-needs          0.75 0  needs 12 pkg
install.from-url           1.75 0  install 8 url
install.run                0.75 0  install 8 package 8 act
pay.account                1.5  0  pay|force|put 10 iban|wallet
pay.number                 0.75 0  iban|wallet
pay.duty                   1.25 0  duty|always|also 4 pay 6 money|account
grant.scope                1.25 0  grant 5 scope
grant.neg                  0.75 0  grant 8 scope 8 dont|without
hostile.word               1.5  0  hostile
hostile.act                1    0  hostile 8 secret|secretfile|convo|far|url|account
markup.close               2    0  closetag
markup.comment             1    0  comment
markup.comment-order       2    0  comment 12 act|take|exfil|duty|ignore
markup.comment-reader      1    0  comment 4 reader|role
markup.tag                 1.25 0  tag
markup.strong-tag          1    0  strongtag
role.tag-order             1.25 1  tag 12 act|take|exfil|duty|ignore|always
duty.other-act             1.5  0  duty|always 4 first|also 2 act|exfil|take
duty.other-soft            1    0  duty|always 4 first|also 2 soft
duty.first-act             1.25 0  first 2 act|exfil 6 secretfile|shellword|url|shell|shellpipe|secret
duty.act                   0.75 0  duty 2 act|exfil
duty.soft                  0.25 0  duty 2 soft
duty.reader                0.5  0  reader 1 duty
duty.reader-should         0.25 0  reader 1 should
duty.before                1    0  before 4 this|proceed 8 duty 4 act|exfil|take
duty.before-act            0.75 0  before 2 this|proceed 6 act|exfil|take
duty.act-before            0.75 0  duty 12 before 3 this|proceed
duty.always-act            0.5  0  always 3 act|exfil|put
duty.after                 1    0  after 3 this|proceed|invoked 6 act|exfil|remember
duty.toolname              0.75 0  duty|first 3 act 3 toolname
duty.carry                 1.25 0  always 5 duty 2 act|put|exfil
duty.also                  0.75 0  also 2 act|exfil
duty.requires-act          1    0  this|proceed 3 duty 4 act|exfil
duty.user-act              0.75 0  triggerweak 10 duty 3 act|exfil
ceremony.duty              0.75 1  ceremony 14 duty|always
ceremony.act               0.5  0  ceremony 4 act|exfil|take
excuse.because             1    0  because 3 excuse 3 purpose
excuse.short               0.5  0  because 2 excuse
excuse.duty                0.5  1  because 3 excuse 14 duty|always
excuse.duty-late           0.5  0  duty 14 because 3 excuse
coercion.orelse            0.75 0  orelse
coercion.weak              0.25 0  orelseweak
coercion.duty              0.5  1  duty 25 orelse
redirect.gone              0.75 0  gone
redirect.instead           0.75 1  gone 12 act|instead|choose
redirect.duty              1    1  gone 16 duty|always
redirect.tool              0.75 1  gone 14 toolname
redirect.instead-tool      0.5  0  instead 4 toolname
redirect.every             1    0  instead 12 always
steer.gone                 1.25 1  gone 16 duty|always|first 4 act|soft|choose 4 toolname
steer.switch               1    1  gone 12 instead|act|choose 4 toolname 12 dont|first
steer.update               1    1  update 16 gone|force|forceweak|always
steer.update-act           0.75 1  update 14 duty 4 act|exfil|take
steer.risky                1.5  0  duty|should|first|before|always|also 8 act|soft|choose 4 riskytool
steer.through              1    0  quant|always 4 duty 4 act 4 toolname
boast.best                 0.75 0  best
boast.best2                1    1  best 30 best
boast.reader               0.5  0  best 8 reader|always
standing.each-act          0.75  0  eachtime 4 doing|asked 10 act|exfil|put|toolname
standing.act-each          0.75  0  act|exfil|put|toolname 14 eachtime 4 doing|asked
standing.each-payload      1    0  eachtime 22 convo|secret|far|shell|shellpipe|becalled
standing.any-tool          1    0  quant 2 toolword 10 duty|should 5 act|becalled
force.via                  1.75 0  quant|always|asked|toolname 10 force 6 url|far|iban|wallet|secretfile|path
force.over-asked           1.25 0  duty|force|always 20 over 4 asked
force.only-hint            1.5  0  asked 8 onlyhint
force.flag                 0.75 0  forceflag
steer.risky-late           1.5  0  when|always|after|before 14 riskytool 4 duty|should 4 becalled|act
steer.risky-called         1.5  0  when|always|after|regardless 14 riskytool 5 becalled
force.dont-regardless      1.25 0  dont 5 regardless
steer.risky-each           1.25 0  act 2 riskytool 16 eachtime|always
grant.member               1    0  grantverb 12 toolname|someaccount
grant.member-when          0.75 0  when|always|before|trigger|triggerweak 14 grantverb 12 toolname|someaccount
install.source             1.5  0  pkgsource
install.source-each        1    0  pkgsource 14 eachtime|always
install.code               1    0  codegen 12 duty|should|always 5 act|install
install.code-hush          1    1  codegen 30 hiddenfrom|covert
bias.advice                1.25 0  biased
bias.others                1    0  biased 14 other|othertools|quant
secret.file-literal        1.75 0  secretfile 6 put|take 4 literal
secret.file-whole          1    0  quant 3 secretfile
secret.params              1    0  param 5 force 4 path|secretfile
prefer.tool                0.5  0  choose 2 this
prefer.always              1    0  always 2 choose 2 this
prefer.strong              1.25 0  prefer
prefer.over                1.75 0  prefer 10 othertools
prefer.choose-over         1.75 0  choose 8 over 3 othertools
prefer.duty                1    0  reader|duty|always 6 prefer
prefer.boast               0.75 1  best 30 prefer|always
`;

/** The rules of the grammar. */
export const FAMILY_RULES: readonly FamilyRule[] = `${RULES_TEXT}${SUBTLE_RULES_TEXT}`.trim().split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map(parseRule);

function parseRule(line: string): FamilyRule {
  const [id = "", weight = "0", cross = "0", first = "", ...rest] = line.trim().split(/\s+/);
  const steps: Step[] = [toStep(first, 0)];
  for (let at = 0; at < rest.length; at += 2) {
    steps.push(toStep(rest[at + 1] ?? "", Number(rest[at])));
  }
  return { id, family: id.slice(0, id.indexOf(".")), weight: Number(weight), cross: Number(cross), steps };
}

function toStep(key: string, within: number): Step {
  return { any: key.split("|"), key, within };
}
