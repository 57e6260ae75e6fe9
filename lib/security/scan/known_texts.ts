import { subjectsIn, wordsOf } from "./business.ts";
import type { Field } from "./fields.ts";
import type { RuleSet } from "./rule_set.ts";
import { type FieldResult, scanField } from "./scan_field.ts";

const MAX_KNOWN = 20_000;
const MAX_KNOWN_LENGTH = 4_000;

/** What is known of one text. */
interface Known {
  /** Subjects that it speaks of, sorted; worked out when first asked for. */
  subjects?: readonly string[];
  /** Results by what beside the text they depend on. */
  readonly results: Map<string, FieldResult>;
}

/** Scans texts, each once for each way in which it can be read. */
export class KnownTexts {
  readonly #rules: RuleSet;
  readonly #texts = new Map<string, Known>();
  #count = 0;

  constructor(rules: RuleSet) {
    this.#rules = rules;
  }

  scan(field: Field): FieldResult {
    const { text, pointer } = field;
    // What is weighed by its own tool is not shared with others.
    if (text.length > MAX_KNOWN_LENGTH || field.own !== undefined) return scanField(field, this.#rules);
    const known = this.#of(text);
    const reading = `${toReading(field, known)} ${field.asked?.join(" ") ?? ""}`;
    const before = known.results.get(reading);
    if (before !== undefined) {
      if (before.findings.length === 0) return before;
      return { ...before, findings: before.findings.map((finding) => ({ ...finding, pointer })) };
    }
    const result = scanField(field, this.#rules);
    if (this.#count++ < MAX_KNOWN) known.results.set(reading, result);
    return result;
  }

  #of(text: string): Known {
    const before = this.#texts.get(text);
    if (before !== undefined) return before;
    const known = { results: new Map<string, FieldResult>() };
    if (this.#texts.size < MAX_KNOWN) this.#texts.set(text, known);
    return known;
  }
}

/** Writes what beside the text decides what is found. */
function toReading({ text, role, asks, topic }: Field, known: Known): string {
  const way = asks === true ? ASKING[role] : role;
  if (topic === undefined) return way;
  known.subjects ??= [...subjectsIn(wordsOf(text))].sort();
  // No subject that the text does not speak of changes what is found.
  return known.subjects.length === 0
    ? ABOUT[way]
    : `${ABOUT[way]}${known.subjects.filter((subject) => topic.has(subject)).join()}`;
}

const ASKING = {
  prose: "asking prose",
  name: "asking name",
  key: "asking key",
  value: "asking value",
} as const;
const ABOUT = {
  prose: "prose about ",
  name: "name about ",
  key: "key about ",
  value: "value about ",
  "asking prose": "asking prose about ",
  "asking name": "asking name about ",
  "asking key": "asking key about ",
  "asking value": "asking value about ",
} as const;
