import {
  type Definition,
  type DefinitionHash,
  type DefinitionKind,
  hashDefinition,
} from "../../security/mod.ts";

/** Hashes of definitions, each worked out once. */
export class Hashes {
  readonly #known = new WeakMap<Definition, DefinitionHash | "none">();

  /** `undefined` for what cannot be hashed, and so not be accepted. */
  of(kind: DefinitionKind, definition: Definition): DefinitionHash | undefined {
    const known = this.#known.get(definition);
    if (known !== undefined) return known === "none" ? undefined : known;
    const hash = tryToHash(kind, definition);
    this.#known.set(definition, hash ?? "none");
    return hash;
  }

  /** Works out the hashes of a list, one at each step. */
  *ofAll(kind: DefinitionKind, definitions: readonly Definition[]): Generator<void, void> {
    for (const definition of definitions) yield void this.of(kind, definition);
  }

  /** Takes the hash from somebody who has worked it out before. */
  recall(definition: Definition, hash: DefinitionHash): void {
    this.#known.set(definition, hash);
  }
}

function tryToHash(kind: DefinitionKind, definition: Definition): DefinitionHash | undefined {
  try {
    return hashDefinition(kind, definition);
  } catch {
    return undefined;
  }
}
