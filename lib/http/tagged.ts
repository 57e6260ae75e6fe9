import { createHash } from "node:crypto";

/** A body as it goes out, with the tag of its content. */
export interface TaggedBody {
  readonly tag: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Written {
  readonly text: string;
  readonly tag: string;
}

/** Objects that were written before; whoever gives them here does not change them any more. */
type Memo = WeakMap<object, Written>;

const encoder = new TextEncoder();

/**
 * Writes successes with lists in them: items that were written before are not
 * written again, and a whole body that is the same as the last one of its verb
 * neither.
 */
export class TaggedBodies {
  readonly #memo: Memo = new WeakMap();
  readonly #last = new Map<string, TaggedBody>();

  /** @param verb Whose answer it is; the last body of each is kept. */
  write(verb: string, output: unknown): TaggedBody {
    const parts = Object.entries(Object(output)).filter(([, value]) => value !== undefined)
      .map(([key, value]) => this.#part(key, value));
    const tag = hash(parts.map((part) => part.tag).join());
    const last = this.#last.get(verb);
    if (last?.tag === tag) return last;
    const text = `{"success":true,"data":{${parts.map((part) => part.text()).join()}}}`;
    const body = { tag, bytes: encoder.encode(text) };
    this.#last.set(verb, body);
    return body;
  }

  #part(key: string, value: unknown): { readonly tag: string; readonly text: () => string } {
    if (!Array.isArray(value) || !value.every(isObject)) {
      const text = JSON.stringify(value);
      return { tag: `${key}=${hash(text)}`, text: () => `${JSON.stringify(key)}:${text}` };
    }
    const items = value.map((item) => this.#item(item));
    return {
      tag: `${key}=${items.map((item) => item.tag).join("")}`,
      text: () => `${JSON.stringify(key)}:[${items.map((item) => item.text).join()}]`,
    };
  }

  #item(item: object): Written {
    const known = this.#memo.get(item);
    if (known !== undefined) return known;
    const text = JSON.stringify(item);
    const written = { text, tag: hash(text) };
    this.#memo.set(item, written);
    return written;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function hash(text: string): string {
  return createHash("sha1").update(text).digest("base64url");
}
