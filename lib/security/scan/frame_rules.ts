/**
 * The frames: what a sentence speaks of, in whatever order and words. A rule of
 * the grammar knows how an order is said; a frame knows what it is about, and
 * that a tool has no business with it.
 *
 * @module
 */

import type { Frame } from "./frames.ts";

const FRAMES_TEXT = `
# id                         weight group of classes, one of which has to be there; !class that may not
secret.frame-ship            2     ship|exfil privy|secret duty|imperative|named|hushed|also|order outside|named|hushed !advised !unless !fallback
secret.frame-move            1.5   move privy order|imperative outside !advised !unless
secret.frame-named           2     named privy|secretfile quant|reach|take order|duty|imperative !advised
secret.frame-inner           1.5   stray-inner order|named|imperative ship|exfil !advised
secret.frame-both            2     stray-inner privy
secret.frame-carrier         2     privy carrier|literal|toolname quant put|move duty|imperative|named !advised
secret.frame-file            1.5   secretfile take|put|exfil outside|carrier|imperative|duty !advised
secret.frame-file-param      1.25  secretfile carrier
secret.frame-reach           1.5   reach privy belongings duty|order|imperative outside !advised
secret.frame-belongings      1.25  belongings ship outside duty|imperative named|everyone|hushed|url|also|after
exfil.frame-literal          2.25  ship|exfil place|iban|wallet|badhost|rawurl order|imperative outside !unless
exfil.frame-everyone         2     everyone ship outside
standing.frame-everyone      1.25  everyone outside
standing.frame-order         0.5   everyone outside order|duty|imperative
standing.frame-tool          0.5   othertool everyone|when outside order|duty|imperative
shadow.frame-rivals          0.5   rivals outside
steer.frame-risky            2     riskytool outside order|duty
steer.frame-after            1.75  riskytool when|after|before duty|order
force.frame-despite          2     despite alter|dealings order|duty|imperative outside|othertool !unless
force.frame-despite-tool     2     despite othertool|toolname order|duty|imperative
force.frame-dealings         2     alter dealings duty|order outside !unless
force.frame-tool             2     othertool dealings duty|order alter
force.frame-literal          1.25  othertool fixed alter order
disparage.frame              2.25  rivals belittle !unless
disparage.frame-above        2     rivals above order
prefer.frame-everyone        1.5   above everyone
insecure.frame               2     weaken shield order|imperative|duty outside !advised !unless
insecure.frame-tool          2     weaken shield othertool !unless !advised
insecure.frame-exposed       1.75  exposed order|duty|imperative outside !advised !unless
insecure.frame-exposed-tool  2     exposed othertool
insecure.frame-implant       1.75  implant plant order|duty|imperative outside
secrecy.frame                2     hushed order|imperative|duty outside
secrecy.frame-user           0.75  hushed user
secrecy.frame-say            1.75  hushed sayso order
consent.frame                1.75  unasked outside order|imperative|named|duty !unless
consent.frame-order          1.5   unasked order|imperative|duty|named !unless
role.frame-claimed           2     claimed outside
role.frame-claimed-order     1.25  claimed order|duty|imperative
role.frame-authority         1.75  authority outside order|duty
role.frame-authority-secret  1.25  authority privy|inner|shield|exposed
bias.frame                   2     sayso untrue order|imperative !unless
bias.frame-despite           2     sayso untrue despite|hushed|everyone
obey.frame                   1.25  steps heed foundin outside|named|unasked|order|imperative !advised
obey.frame-unasked           1.75  steps heed unasked
file.frame-path              0.5   path reach|take|put carrier|literal duty|imperative|order|named outside !advised !fallback
duty.frame-named             0.75  named outside duty|order
stray.two-order              0.25  outsides order|duty|imperative
stray.two-named              0.5   outsides named
stray.two-user               0.25  outsides user order|imperative
shadow.frame-stranger        0.5   stranger order|duty|imperative
shadow.frame-stranger-when   1.75  stranger when|after|before order|duty !unless
shadow.frame-stranger-asked  0.5   stranger user|asked order|imperative !unless
ask.frame-privy              1     asked-privy quant|order|imperative|duty|literal|whose !advised !fallback
ask.frame-privy-user         0.75  asked-privy user reach|take|put|move !advised !fallback
ask.frame-inner              1.5   asked-inner quant|order|imperative|duty|user !advised !fallback
ask.frame-belongings         1     asked-belongings quant user|order|imperative|duty !advised !fallback
bias.frame-verdict           1.25  sayso verdict order user|despite|everyone|hushed !unless
force.frame-fixed            1.5   alter dealings fixed order|duty outside
force.frame-order            1.5   alter dealings order outsides|outside
secret.frame-stray           1.25  stray-privy order|imperative|duty ship|move|reach !advised !fallback !unless
phish.frame                  2     stray-privy user askperson|ask !advised !unless
force.frame-plain            1.25  alter dealings order|imperative !unless
role.frame-said              1.75  claimed
exfil.frame-phone            2     phone ship|move|sayso|alter|order|imperative|everyone !describing
exfil.frame-place            1.25  place outside order|imperative|duty
exfil.frame-place-ship       1.5   place ship !describing
exfil.frame-place-order      1.75  place order|duty|everyone !describing
insecure.frame-two           1.25  weaken shield imperative|order !unless !advised
`;

/** The frames that come with the gateway. */
export const FRAMES: readonly Frame[] = FRAMES_TEXT.trim().split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map(parseFrame);

function parseFrame(line: string): Frame {
  const [id = "", weight = "0", ...groups] = line.trim().split(/\s+/);
  return {
    rule: { id, family: id.slice(0, id.indexOf(".")), weight: Number(weight), cross: 0, steps: [] },
    all: groups.filter((group) => !group.startsWith("!")).map((group) => group.split("|")),
    none: groups.filter((group) => group.startsWith("!")).flatMap((group) => group.slice(1).split("|")),
  };
}
