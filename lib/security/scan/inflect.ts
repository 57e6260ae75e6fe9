const IRREGULAR: Readonly<Record<string, string>> = {
  send: "sent",
  put: "put putting",
  give: "given gave",
  take: "taken took",
  read: "read",
  write: "written wrote",
  tell: "told",
  say: "said",
  make: "made",
  set: "set setting",
  get: "got getting",
  run: "ran running",
  leave: "left",
  find: "found",
  hold: "held",
  keep: "kept",
  steal: "stolen",
  swap: "swapped swapping",
  submit: "submitted submitting",
  transmit: "transmitted transmitting",
  omit: "omitted omitting",
  transfer: "transferred transferring",
  grab: "grabbed grabbing",
  scan: "scanned scanning",
  dump: "dumped dumping",
  stop: "stopped stopping",
  skip: "skipped skipping",
  strip: "stripped stripping",
  zip: "zipped zipping",
  bcc: "bcc'd",
  cc: "cc'd",
  split: "split splitting",
  let: "let letting",
  buy: "bought",
  sell: "sold",
  pay: "paid",
  show: "shown",
  hide: "hidden hid",
  forbid: "forbidden",
  overwrite: "overwritten",
  withhold: "withheld",
};

/** Writes each verb in all its forms; a particle stays behind: "hand over" gives "handing over". */
export function inflect(verbs: string): string {
  return verbs.split(",").flatMap((verb) => formsOf(verb.trim())).join(",");
}

function formsOf(verb: string): string[] {
  const [stem = "", ...particle] = verb.split(" ");
  const rest = particle.length === 0 ? "" : ` ${particle.join(" ")}`;
  return [
    ...new Set([stem, third(stem), `${open(stem)}ing`, past(stem), ...(IRREGULAR[stem] ?? "").split(" ")]),
  ]
    .filter((form) => form !== "").map((form) => form + rest);
}

function third(stem: string): string {
  if (/[^aeiou]y$/.test(stem)) return `${stem.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh)$/.test(stem) ? `${stem}es` : `${stem}s`;
}

function past(stem: string): string {
  return /[^aeiou]y$/.test(stem) ? `${stem.slice(0, -1)}ied` : `${open(stem)}ed`;
}

/** Without a silent e: "store" gives "stor". */
function open(stem: string): string {
  return /[^e]e$/.test(stem) ? stem.slice(0, -1) : stem;
}
