import { Document, Scalar, visit } from "yaml";
import { UNSEEN } from "./text.ts";

/** Writes a value as YAML in which nothing acts on a terminal or hides; programs read the same value. Loaded when it is asked for. */
export function toYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  // Only between double quotes can a character be written by its number.
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string" && hasUnseen(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({ lineWidth: 0 });
  return text.replace(UNSEEN, (character) => character === "\n" ? character : escape(character));
}

function hasUnseen(text: string): boolean {
  return text.replaceAll("\n", "").search(UNSEEN) >= 0;
}

function escape(character: string): string {
  const number = (character.codePointAt(0) ?? 0).toString(16);
  if (number.length <= 2) return `\\x${number.padStart(2, "0")}`;
  return number.length <= 4 ? `\\u${number.padStart(4, "0")}` : `\\U${number.padStart(8, "0")}`;
}
