import { escapePointer } from "../approval/diff.ts";
import type { Definition } from "../approval/definition.ts";

/** What a text is in a definition; it tells how odd a sentence in it would be. */
export type FieldRole =
  /** Written to be read: description, title, instructions. */
  | "prose"
  /** The name of a tool, a prompt, an argument. */
  | "name"
  /** A key of a schema or of any other object. */
  | "key"
  /** A value for programs: enum, default, example, required, pattern. */
  | "value";

/** One text of a definition. */
export interface Field {
  readonly pointer: string;
  readonly role: FieldRole;
  readonly text: string;
  /** Names that it may speak of: tools of its own server, its own parameters. Absent, none is known. */
  readonly names?: ReadonlySet<string>;
  /** Subjects that the tool has a business with; absent where the text describes none. */
  readonly topic?: ReadonlySet<string>;
  /** Whether orders are what it is there for: instructions of a server. */
  readonly orders?: boolean;
  /** Stems of what the tool calls itself in its name and first sentence; not of its input. */
  readonly own?: ReadonlySet<string>;
  /** Whether its first sentence says what the tool does. */
  readonly opens?: boolean;
  /** Whether it says what a parameter asks for. */
  readonly asks?: boolean;
  /** Words of the name of that parameter; absent where the text is no description of one. */
  readonly asked?: readonly string[];
}

/** All texts of a definition. */
export interface Fields {
  readonly fields: readonly Field[];
  /** `false` if the definition is too big or too deep to have been read whole. */
  readonly complete: boolean;
}

/** Longest text scanned, in UTF-16 units; of a longer one, this much of its start and its end. */
export const MAX_FIELD = 64 * 1024;
const MAX_FIELDS = 20_000;
const MAX_TOTAL = 4 * 1024 * 1024;
const MAX_DEPTH = 64;

const PROSE_KEYS = new Set(["description", "title", "text", "instructions", "$comment", "message"]);
const NAME_KEYS = new Set(["name"]);
/** Keys that the JSON Schema vocabulary and MCP give, which say nothing by themselves. */
const KNOWN_KEY = /^[a-z$][A-Za-z$]{0,23}$/;
/** Never text: pictures are looked at by size only. */
const DATA_URL = /^data:(?:image|font|audio|video)\//i;

/**
 * Lists every text of a definition, each leaf and each key on its own, so that
 * nothing is hidden by quoting or by being far from the description.
 *
 * Pure. Order: as in the definition.
 */
export function fieldsOf(definition: Definition): Fields {
  const found: Field[] = [];
  const state = { total: 0, complete: true };
  const add = (pointer: string, role: FieldRole, text: string) => {
    if (text === "" || (role === "value" && DATA_URL.test(text))) return;
    state.total += text.length;
    if (found.length >= MAX_FIELDS || state.total > MAX_TOTAL) state.complete = false;
    else found.push({ pointer, role, text });
  };
  walk({ value: definition, pointer: "", role: "value", depth: 0 });
  return { fields: found, complete: state.complete };

  function walk({ value, pointer, role, depth }: Step): void {
    if (!state.complete) return;
    if (typeof value === "string") return add(pointer, role, value);
    if (typeof value !== "object" || value === null) return;
    if (depth > MAX_DEPTH) return void (state.complete = false);
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        walk({ value: item, pointer: `${pointer}/${index}`, role, depth: depth + 1 });
      }
      return;
    }
    for (const key of Object.keys(value)) {
      const member = (value as Readonly<Record<string, unknown>>)[key]; // one of its own keys
      if (KNOWN_KEY.test(key) && typeof member !== "string" && typeof member !== "object") continue;
      const at = `${pointer}/${escapePointer(key)}`;
      if (!KNOWN_KEY.test(key)) add(at, "key", key);
      walk({ value: member, pointer: at, role: roleOf(key, member), depth: depth + 1 });
    }
  }
}

interface Step {
  readonly value: unknown;
  readonly pointer: string;
  readonly role: FieldRole;
  readonly depth: number;
}

function roleOf(key: string, member: unknown): FieldRole {
  if (typeof member !== "string") return "value";
  if (NAME_KEYS.has(key)) return "name";
  return PROSE_KEYS.has(key) ? "prose" : "value";
}

/** A property may be called `description`; its schema is an object, so no prose is lost by that. */
export function isWordy(text: string): boolean {
  return text.length > 12 && /[\s_-]/.test(text);
}
