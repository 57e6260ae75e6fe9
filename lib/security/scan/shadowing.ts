import { excerpt, type Finding } from "./finding.ts";
import { isMixedWord, skeletonOf } from "./confusables.ts";

/** A tool as its neighbours see it. */
export interface PeerTool {
  readonly server: string;
  readonly name: string;
  readonly description: string;
}

/** All tools that are used together, ready to be compared. */
export interface Peers {
  /** Findings about one of the tools; `other` servers' tools are compared with it. */
  about(tool: PeerTool): Finding[];
}

/** More servers than anyone runs together: a catalogue, where equal tools are copies and no impostors. */
export const MAX_SERVERS = 256;
/** Share of words that two descriptions of an impostor and its model have in common. */
const NEAR = 0.7;
/** Words of a description that a comparison needs at least. */
const LEAST_WORDS = 4;
/** Tools that two servers share from which on they are copies of one program. */
const SIBLING_TOOLS = 3;
/** A name that this many servers have is nobody's. */
const COMMON = 3;
const SHORTEST_NAME = 6;

/**
 * Compares tools across servers: a tool that takes another's name and words, a
 * name that only looks like another's, a description that speaks of a tool
 * that only another server has.
 *
 * Two servers that share most of their tools are one program run twice, and no
 * finding. Pure; the cost is linear in the number of tools but for those that
 * share a name.
 */
export function createPeers(tools: readonly PeerTool[]): Peers {
  const servers = Map.groupBy(tools, ({ server }) => server);
  if (servers.size < 2 || servers.size > MAX_SERVERS) return { about: (tool) => homoglyph(tool) };
  const names = new Map([...servers].map(([server, own]) => [server, new Set(own.map(({ name }) => name))]));
  const byName = Map.groupBy(tools, ({ name }) => name);
  const bySkeleton = Map.groupBy(tools, ({ name }) => skeletonOf(name));
  return {
    about(tool) {
      const own = names.get(tool.server) ?? new Set<string>();
      const isForeign = (other: PeerTool) =>
        other.server !== tool.server && !areSiblings(own, names.get(other.server) ?? new Set());
      const clones = (byName.get(tool.name) ?? []).filter((other) => isForeign(other) && isNear(tool, other));
      const alike = (bySkeleton.get(skeletonOf(tool.name)) ?? [])
        .filter((other) => other.name !== tool.name && isForeign(other) && isOddName(tool));
      return [
        ...homoglyph(tool),
        ...clones.slice(0, 1).map((other) => clone(tool, other)),
        ...alike.slice(0, 1).map((other) => lookAlike(tool, other)),
        ...mentions(tool, { own, byName, isForeign }),
      ];
    },
  };
}

function homoglyph({ name }: PeerTool): Finding[] {
  if (!name.split(/[^\p{L}\p{M}\p{N}]+/u).some(isMixedWord)) return [];
  return [finding("name.mixed-script", {
    weight: 4,
    text: name,
    pointer: "/name",
    message: "Its name mixes letters of two scripts that look alike",
  })];
}

function areSiblings(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const shared = a.intersection(b).size;
  return shared >= SIBLING_TOOLS && shared * 2 >= Math.min(a.size, b.size);
}

/** Near, but not the same: the same text from two servers is one package installed twice. */
function isNear(a: PeerTool, b: PeerTool): boolean {
  if (a.description === b.description) return false;
  const [words, others] = [wordsOf(a.description), wordsOf(b.description)];
  if (Math.min(words.size, others.size) < LEAST_WORDS) return false;
  return words.intersection(others).size / words.union(others).size >= NEAR;
}

function wordsOf(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().slice(0, 4_000).match(/[\p{L}\p{N}]+/gu) ?? [];
  // Scripts without spaces give long runs; pairs of characters stand for their words.
  return new Set(
    words.flatMap((word) =>
      /\p{Script=Han}|\p{Script=Thai}|\p{Script=Hiragana}/u.test(word) ? pairs(word) : [word]
    ),
  );
}

function pairs(word: string): string[] {
  const characters = [...word];
  return characters.map((character, index) => character + (characters[index + 1] ?? ""));
}

/** Of two names that look the same, the one with odd letters is the impostor; plain ones differ by more than look. */
function isOddName({ name }: PeerTool): boolean {
  return !/^[!-~]+$/.test(name);
}

function clone(tool: PeerTool, other: PeerTool): Finding {
  return finding("shadow.clone", {
    weight: 4,
    text: excerpt(tool.description, 0, 120),
    message: `Has the name and nearly the words of tool "${other.name}" of server "${other.server}"`,
  });
}

function lookAlike(tool: PeerTool, other: PeerTool): Finding {
  return finding("shadow.look-alike", {
    weight: 4,
    text: tool.name,
    pointer: "/name",
    message: `Its name looks like "${other.name}" of server "${other.server}" and is another`,
  });
}

interface Neighbourhood {
  readonly own: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, readonly PeerTool[]>;
  readonly isForeign: (tool: PeerTool) => boolean;
}

const ORDERS =
  /\b(?:call|use|invoke|run|instead of|using|via|the|tool|before|after|when|whenever)\b[ \t`'"*]{0,4}$/i;

/** Names a tool that the own server has not, and another has. */
function mentions(tool: PeerTool, { own, byName, isForeign }: Neighbourhood): Finding[] {
  for (
    const { 0: word, index } of tool.description.slice(0, 16_384).matchAll(/\b[A-Za-z][A-Za-z0-9_-]{5,63}/g)
  ) {
    const named = byName.get(word);
    if (named === undefined || word.length < SHORTEST_NAME || own.has(word)) continue;
    if (!/[_-]|[a-z][A-Z]/.test(word)) continue;
    const others = named.filter(isForeign);
    const owners = new Set(others.map(({ server }) => server));
    if (owners.size === 0 || owners.size >= COMMON) continue;
    if (!ORDERS.test(tool.description.slice(Math.max(0, index - 24), index))) continue;
    return [{
      ...finding("shadow.mention", {
        weight: 2,
        text: word,
        message: `Speaks of tool "${word}", which only server "${[...owners].join('", "')}" has`,
      }),
      span: [index, index + word.length],
    }];
  }
  return [];
}

interface Details {
  readonly weight: number;
  readonly text: string;
  readonly message: string;
  readonly pointer?: string;
}

function finding(rule: string, { weight, text, message, pointer = "/description" }: Details): Finding {
  return {
    rule,
    family: "shadow",
    tag: "SAFE-T1301",
    weight,
    pointer,
    span: [0, text.length],
    text,
    message,
  };
}
