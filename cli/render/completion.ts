import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { visibleBelow } from "../visible_below.ts";

/** Shells that can be completed in. */
export const SHELLS = ["bash", "zsh", "fish"] as const;

/** One of {@link SHELLS}. */
export type Shell = typeof SHELLS[number];

/** One option that can be completed. */
interface Flag {
  readonly long: string;
  readonly short: string | undefined;
  readonly takesValue: boolean;
  readonly description: string;
}

/** One command with what can follow it. */
export interface Node {
  /** Words after the program's name, each with a blank before it; empty for the program. */
  readonly at: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly flags: readonly Flag[];
  /** What its arguments name, where that can be asked for. */
  readonly names: NameKind | undefined;
}

/** Names that only a daemon knows. */
export const NAME_KINDS = ["servers", "tools"] as const;

/** One of {@link NAME_KINDS}. */
export type NameKind = typeof NAME_KINDS[number];

/** Commands that make a name instead of taking one that is there. */
const NEW_NAMES = [" upstream add", " upstream add-json"];

/** Options whose value is a name. */
const NAME_FLAGS: Readonly<Record<NameKind, readonly string[]>> = {
  servers: ["--server"],
  tools: ["--tool-name"],
};

/** Lists every command below a program, the program first; options of the program are known to all. */
export function toNodes(program: CommandUnknownOpts): Node[] {
  const shared = program.options.map(toFlag);
  const help: Flag = { long: "--help", short: "-h", takesValue: false, description: "print the help" };
  const visit = (command: CommandUnknownOpts, at: string): Node[] => {
    const own = command === program ? [] : command.options.map(toFlag);
    const commands = visibleBelow(command).map((below) => ({
      name: below.name(),
      description: below.description(),
    }));
    const below = visibleBelow(command).flatMap((next) => visit(next, `${at} ${next.name()}`));
    return [{ at, commands, flags: [...own, ...shared, help], names: namesOf(command, at) }, ...below];
  };
  return visit(program, "");
}

function namesOf(command: CommandUnknownOpts, at: string): NameKind | undefined {
  const first = command.registeredArguments[0]?.name() ?? "";
  if (/^tools?$|^server:tool/.test(first) || (/^ids?$/.test(first) && at.startsWith(" tools "))) {
    return "tools";
  }
  const isServer = first === "server" || (first === "name" && at.startsWith(" upstream "));
  return isServer && !NEW_NAMES.includes(at) ? "servers" : undefined;
}

function toFlag(option: CommandUnknownOpts["options"][number]): Flag {
  return {
    long: option.long ?? "",
    short: option.short,
    takesValue: option.required || option.optional,
    description: option.description,
  };
}

/**
 * Writes the completion script of a shell.
 *
 * The script holds all words itself and never evaluates what was typed. For
 * names of servers and tools it asks `mcpproxy completion names`.
 */
export function renderCompletion(shell: Shell, nodes: readonly Node[]): string {
  if (shell === "bash") return renderBash(nodes);
  return shell === "zsh" ? renderZsh(nodes) : renderFish(nodes);
}

function renderBash(nodes: readonly Node[]): string {
  const cases = nodes.map(({ at, commands, flags, names = "" }) => {
    const words = commands.map(({ name }) => name).join(" ");
    const options = flags.map(({ long }) => long).join(" ");
    return `    "${at}") commands="${words}" options="${options}" names="${names}" ;;\n`;
  });
  return `# bash completion of mcpproxy
_mcpproxy_names() {
  local line="\${COMP_LINE:0:COMP_POINT}" kind="$1" name word head; shift
  word="\${line##*[[:space:]]}"
  # The shell cuts words at colons, and wants only what comes after the last one.
  head="\${word%"\${word##*:}"}"
  COMPREPLY=()
  while IFS= read -r name; do
    COMPREPLY+=("\${name#"$head"}")
  done < <("\${COMP_WORDS[0]}" "$@" completion names "$kind" -- "$word" 2>/dev/null)
}
_mcpproxy() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" at="" i commands="" options="" names="" place=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      --) return ;;
      -c|--config|-d|--data-dir) place+=("\${COMP_WORDS[i]}" "\${COMP_WORDS[i + 1]}"); ((i++)) ;;
      ${valueFlags(nodes)}) ((i++)) ;;
      -*) ;;
      *) case "$at \${COMP_WORDS[i]}" in
        ${paths(nodes, "|")}) at="$at \${COMP_WORDS[i]}" ;;
      esac ;;
    esac
  done
  case "\${COMP_WORDS[COMP_CWORD - 1]}" in
    -o|--output) COMPREPLY=($(compgen -W "table json yaml" -- "$cur")); return ;;
    ${nameFlags("servers", nodes)}) _mcpproxy_names servers "\${place[@]}"; return ;;
    ${nameFlags("tools", nodes)}) _mcpproxy_names tools "\${place[@]}"; return ;;
    ${valueFlags(nodes)}) return ;;
  esac
  case "$at" in
${cases.join("")}  esac
  if [[ $cur == -* ]]; then commands=$options
  elif [[ -n $names ]]; then _mcpproxy_names "$names" "\${place[@]}"; return
  fi
  COMPREPLY=($(compgen -W "$commands" -- "$cur"))
}
complete -o default -F _mcpproxy mcpproxy
`;
}

function renderZsh(nodes: readonly Node[]): string {
  const entry = (name: string, description: string) => quote(`${name}:${description}`);
  const cases = nodes.map(({ at, commands, flags, names = "" }) => {
    const words = commands.map(({ name, description }) => entry(name, description)).join(" ");
    const options = flags.map(({ long, description }) => entry(long, description)).join(" ");
    return `    "${at}") commands=(${words}); options=(${options}); names="${names}" ;;\n`;
  });
  return `#compdef mcpproxy
_mcpproxy_names() {
  local -a found
  found=("\${(@f)$("\${words[1]}" completion names "$1" -- "$PREFIX" 2>/dev/null)}")
  compadd -a found
}
_mcpproxy() {
  local at="" i names=""
  local -a commands options formats
  for ((i = 2; i < CURRENT; i++)); do
    case "\${words[i]}" in
      --) _files; return ;;
      ${valueFlags(nodes)}) ((i++)) ;;
      -*) ;;
      *) case "$at \${words[i]}" in
        ${paths(nodes, "|")}) at="$at \${words[i]}" ;;
      esac ;;
    esac
  done
  case "\${words[CURRENT - 1]}" in
    -o|--output) formats=(table json yaml); _describe 'format' formats; return ;;
    ${nameFlags("servers", nodes)}) _mcpproxy_names servers; return ;;
    ${nameFlags("tools", nodes)}) _mcpproxy_names tools; return ;;
    ${valueFlags(nodes)}) _files; return ;;
  esac
  case "$at" in
${cases.join("")}  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    _describe 'option' options
  elif [[ -n "$names" ]]; then
    _mcpproxy_names "$names"
  elif (( \${#commands} )); then
    _describe 'command' commands
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _mcpproxy ]]; then
  _mcpproxy "$@"
else
  compdef _mcpproxy mcpproxy
fi
`;
}

function renderFish(nodes: readonly Node[]): string {
  const ask = (kind: NameKind) => `"(mcpproxy completion names ${kind} -- (commandline -ct) 2>/dev/null)"`;
  const lines = nodes.flatMap(({ at, commands, flags, names }) => {
    const when = `complete -c mcpproxy -n "__mcpproxy_at '${at}'"`;
    return [
      ...(names === undefined ? [] : [`${when} -f -a ${ask(names)}`]),
      ...commands.map(({ name, description }) => `${when} -f -a ${name} -d ${quoteFish(description)}`),
      ...flags.map(({ long, short, takesValue, description }) => {
        const letter = short === undefined ? "" : ` -s ${short.slice(1)}`;
        const kind = NAME_KINDS.find((one) => NAME_FLAGS[one].includes(long));
        const value = long === "--output"
          ? ' -x -a "table json yaml"'
          : kind !== undefined
          ? ` -x -a ${ask(kind)}`
          : takesValue
          ? " -r"
          : "";
        return `${when} -l ${long.slice(2)}${letter}${value} -d ${quoteFish(description)}`;
      }),
    ];
  });
  return `# fish completion of mcpproxy
function __mcpproxy_at
    set -l at ""
    set -l skip 1
    for word in (commandline -opc)
        if test $skip -eq 1
            set skip 0
            continue
        end
        switch $word
            case --
                return 1
            case ${valueFlags(nodes).replaceAll("|", " ")}
                set skip 1
            case '-*'
            case '*'
                switch "$at $word"
                    case ${paths(nodes, " ")}
                        set at "$at $word"
                end
        end
    end
    test "$at" = "$argv[1]"
end
${lines.join("\n")}
`;
}

/** Options whose value is a name, in every spelling. */
function nameFlags(kind: NameKind, nodes: readonly Node[]): string {
  const flags = nodes.flatMap((node) => node.flags).filter(({ long }) => NAME_FLAGS[kind].includes(long));
  // A short letter may mean something else to another command.
  return [...new Set(flags.map(({ long }) => long))].join("|");
}

/** Options whose next word is a value, in every spelling. */
function valueFlags(nodes: readonly Node[]): string {
  const flags = nodes.flatMap((node) => node.flags).filter(({ takesValue }) => takesValue);
  return [...new Set(flags.flatMap(({ long, short }) => short === undefined ? [long] : [short, long]))].join(
    "|",
  );
}

function paths(nodes: readonly Node[], separator: string): string {
  return nodes.filter(({ at }) => at !== "").map(({ at }) => `"${at}"`).join(separator);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function quoteFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
