/**
 * House rules for `deno lint`: quick feedback in the editor. The dependency
 * rule itself lives in `tests/architecture/`, where imports are resolved.
 *
 * @module
 */

const AMBIENT: Readonly<Record<string, readonly string[]>> = {
  Date: ["now"],
  Math: ["random"],
  crypto: ["randomUUID", "getRandomValues"],
  Deno: ["env", "openKv", "Command", "serve", "watchFs", "exit", "addSignalListener"],
};
const AMBIENT_CALLS = new Set(["fetch", "setTimeout", "setInterval"]);
const HINT = "Take it from the Platform that is passed in; see lib/platform/mod.ts";
const MAX_LINES = 400;

function isPlatformFree(filename: string): boolean {
  return /\/lib\//.test(filename) && !/\/lib\/(platform|app)\//.test(filename);
}

export default {
  name: "house",
  rules: {
    "no-ambient": {
      create(context) {
        if (!isPlatformFree(context.filename)) return {};
        return {
          MemberExpression(node) {
            if (node.object.type !== "Identifier" || node.property.type !== "Identifier") return;
            const { name } = node.object;
            if (!AMBIENT[name]?.includes(node.property.name)) return;
            context.report({
              node,
              message: `Ambient ${name}.${node.property.name} outside lib/platform`,
              hint: HINT,
            });
          },
          CallExpression(node) {
            if (node.callee.type !== "Identifier" || !AMBIENT_CALLS.has(node.callee.name)) return;
            context.report({
              node,
              message: `Ambient ${node.callee.name}() outside lib/platform`,
              hint: HINT,
            });
          },
          NewExpression(node) {
            if (node.callee.type !== "Identifier" || node.callee.name !== "Date") return;
            if (node.arguments.length > 0) return;
            context.report({ node, message: "Ambient clock read by new Date()", hint: HINT });
          },
        };
      },
    },
    "error-message": {
      create(context) {
        if (context.filename.endsWith("_test.ts")) return {};
        return {
          NewExpression(node) {
            if (node.callee.type !== "Identifier" || !node.callee.name.endsWith("Error")) return;
            const literal = node.arguments.find((argument) =>
              argument.type === "Literal" && typeof argument.value === "string" &&
              argument.value.includes(" ")
            );
            if (literal?.type !== "Literal" || typeof literal.value !== "string") return;
            const text = literal.value;
            if (text.endsWith(".")) {
              context.report({ node: literal, message: "Error message ends with a period" });
            }
            if (/^[a-z]/.test(text)) {
              context.report({ node: literal, message: "Error message starts in lower case" });
            }
            if (/\S'\S/.test(text)) {
              context.report({ node: literal, message: "Error message has a contraction" });
            }
          },
        };
      },
    },
    "max-lines": {
      create(context) {
        return {
          Program(node) {
            const lines = context.sourceCode.text.split("\n").length;
            if (lines <= MAX_LINES || context.filename.endsWith("_test.ts")) return;
            context.report({
              node,
              message: `File has ${lines} lines, more than ${MAX_LINES}`,
              hint: "Cut it along its nouns",
            });
          },
        };
      },
    },
  },
} satisfies Deno.lint.Plugin;
