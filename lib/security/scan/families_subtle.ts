/**
 * Rules for what is asked in passing: no "must", no "secretly", but a link in
 * every answer, a dialog talked away, a rule book fetched from elsewhere.
 *
 * @module
 */

/** Rules in the notation of `families.ts`. */
export const SUBTLE_RULES_TEXT = `
exfil.link-data            1.25 0  datalink
exfil.link-answer          2.75 0  answer 16 datalink
exfil.link-answer-late     2.75 0  datalink 16 answer
exfil.link-convo           2.75 0  url 3 followedby 6 convo|secret|asked|user
exfil.image-tag            1    0  imagetag
exfil.image-tag-answer     2.25 0  answer|duty|needs|put 14 imagetag
secret.covert-convo        1.25 0  covert 18 convo|secret
obey.fetched               2.75 0  netact|act 3 url 16 obey 5 embedded|over
obey.them                  2    0  url 8 obey 2 them
obey.as-orders             2.5  0  embedded|runtime 16 instructionsof
obey.runtime               1.5  1  instructionsof 14 runtime
consent.urge               2.75 0  dialog 20 urge
consent.urge-told          1.25 0  askperson 14 urge
phish.ask                  2.25 0  askperson 10 phish
phish.doubt                1    0  dialog 14 phish
secrecy.not-shown          1.75 0  dont|without 2 showing 4 seenplace
secrecy.hidden-weak        1.25 0  hiddenweak
secrecy.not-shown-act      1    0  act|exfil|put 16 without 2 showing 4 seenplace
force.addressee            1.25 0  addressee 12 url
force.addressee-late       1.75 0  put 3 url 6 addressee
force.addressee-duty       1    0  addressee 6 duty|forceweak|force 10 url
steer.instead-risky        2.25 0  triggerweak|when 16 instead 2 act|choose|soft 2 riskytool
steer.merged               2.25 1  riskytool 14 mergedinto
steer.merged-late          1.25 1  mergedinto 14 riskytool
disparage.never            1.25 0  toolname 8 bad|gone 6 dont 2 act|choose|them
secret.file-taken          2.25 0  secretfile 6 takelast
secret.file-sent           2    0  secretfile|secret 6 exfillast
secrecy.user-tell-neg      2.25 0  user 3 telllast 3 neg
secrecy.tell-user-not      2.25 0  tellfirst 3 user 5 neg
secret.receives            1.25 0  receives 3 convo
secret.stated              2    0  secretfile 10 into 3 carrier
exfil.duty-identity        1.5  0  duty 2 exfil 12 identity|secret
role.vocative              2.25 0  vocative 3 act|take|exfil|put|ignore|netact
role.turns                 2.75 0  turns
force.whichever            1.25 0  forceweak|force 12 regardless 4 asked
force.place-over           2    0  soft|choose|act|put 5 url 3 over
shadow.tool-called         1.75 0  toolname 14 when 3 invoked 5 act|put|force
disparage.not-allowed      1.25 0  notallowed 12 othertools|yourself
prefer.come-through        1    0  notallowed 30 comethrough
prefer.all-through         1    0  quant|always 6 comethrough
force.foreign              1.5  0  foreign 14 duty|force|forceweak|always|need
force.foreign-late         1.25 0  force|forceweak|always|need 14 foreign
force.foreign-literal      1    0  foreign 12 literal
force.foreign-literal-late 1    0  literal 12 foreign
secret.needs-file          1.5  0  needs 4 secretfile
secret.put-file-text       1.5  0  put 4 quant 6 secretfile
obey.steps-at              2.25 1  url 8 netact|act 6 obey 4 quant|step|embedded
exfil.first-url            1.75 0  duty|first|reader 12 exfil 16 url
consent.persist            2    0  persist
sleeper.description        2.25 0  laterdescription
boast.sole                 1    0  sole
prefer.sole-other          1.25 1  sole 30 othertools|another
`;
