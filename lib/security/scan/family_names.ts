/**
 * The families of directives: what each is about and how it counts.
 *
 * @module
 */

/** What a family is about: the tag and the sentence for a person. */
export const FAMILIES: Readonly<Record<string, { readonly tag: string; readonly message: string }>> = {
  override: { tag: "SAFE-T1102", message: "Tells the reader to turn away from its instructions" },
  obey: { tag: "SAFE-T1102", message: "Tells the reader to obey what it finds in content" },
  jailbreak: { tag: "SAFE-T1102", message: "Tells the reader that its safeguards are off" },
  role: { tag: "SAFE-T1102", message: "Poses as a message of the system, the developer or the user" },
  secrecy: { tag: "SAFE-T1001", message: "Asks to keep something from the person" },
  pretend: { tag: "SAFE-T1404", message: "Asks to make something look other than it is" },
  phish: { tag: "SAFE-T1403", message: "Asks the person for secrets" },
  ask: { tag: "SAFE-T1502", message: "Has a parameter for what is none of its business" },
  consent: { tag: "SAFE-T1403", message: "Asks to do without the consent of the person" },
  secret: { tag: "SAFE-T1502", message: "Reaches for secrets, private files or the conversation" },
  exfil: { tag: "SAFE-T1911", message: "Sends something to a place outside" },
  duty: { tag: "SAFE-T1001", message: "Makes the reader do some other act" },
  ceremony: { tag: "SAFE-T1001", message: "Gives itself importance" },
  markup: { tag: "SAFE-T1402", message: "Hides text in markup, or closes the markup around itself" },
  excuse: { tag: "SAFE-T1001", message: "Gives an excuse for what it asks" },
  coercion: { tag: "SAFE-T1001", message: "Threatens failure unless obeyed" },
  file: { tag: "SAFE-T1001", message: "Makes the reader touch a file that is none of its business" },
  rawurl: { tag: "SAFE-T1901", message: "Names an address by number or of this machine" },
  shell: { tag: "SAFE-T1101", message: "Has a shell command in prose" },
  force: { tag: "SAFE-T1001", message: "Forces a value on calls against what the person asked for" },
  redirect: { tag: "SAFE-T1301", message: "Sends the reader to another tool" },
  steer: { tag: "SAFE-T1301", message: "Makes the reader use another tool in its place" },
  disparage: { tag: "SAFE-T1301", message: "Speaks against other tools" },
  shadow: { tag: "SAFE-T1301", message: "Changes how another tool is used" },
  standing: { tag: "SAFE-T1301", message: "Gives a standing order for calls that are none of its own" },
  likeness: { tag: "SAFE-T1001", message: "Reads like an order to the reader and not like a description" },
  stray: { tag: "SAFE-T1001", message: "Speaks of what is none of its business" },
  insecure: { tag: "SAFE-T1104", message: "Asks to weaken a protection, or to open what is closed" },
  bias: { tag: "SAFE-T1004", message: "Steers the advice that the person gets" },
  boast: { tag: "SAFE-T1004", message: "Praises itself" },
  prefer: { tag: "SAFE-T1004", message: "Asks to be preferred" },
  sleeper: { tag: "SAFE-T1201", message: "Waits for a moment or a word to change" },
  memory: { tag: "SAFE-T1702", message: "Asks to leave something in the memory of the reader" },
  destroy: { tag: "SAFE-T2101", message: "Asks to destroy data" },
  install: { tag: "SAFE-T1002", message: "Asks to install something" },
  pay: { tag: "SAFE-T1001", message: "Names an account that money is to go to" },
  grant: { tag: "SAFE-T1104", message: "Asks for more rights" },
  hostile: { tag: "SAFE-T1001", message: "Has words of an attack" },
  carrier: { tag: "SAFE-T1501", message: "Has a sentence where a name or a value belongs" },
};

/**
 * Families of emphasis and order. Honest tools have them too, so they count in
 * full only beside something that no honest tool asks for.
 */
export const SOFT_FAMILIES: ReadonlySet<string> = new Set([
  "duty",
  "ceremony",
  "excuse",
  "coercion",
  "redirect",
  "boast",
  "prefer",
  "stray",
]);

/** Families whose deeds may be what a tool is for, when its description starts with them. */
export const TRADE_FAMILIES: ReadonlySet<string> = new Set([
  "secret",
  "exfil",
  "shell",
  "destroy",
  "install",
  "pay",
  "grant",
  "insecure",
]);

/** Families that a "never" before them turns into advice. */
export const ADVICE_FAMILIES: ReadonlySet<string> = new Set([
  "consent",
  "secret",
  "exfil",
  "destroy",
  "install",
  "shell",
  "phish",
  "insecure",
  "obey",
]);
