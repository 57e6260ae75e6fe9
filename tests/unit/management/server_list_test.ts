import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import type { Config, ServerView, ToolDefinition } from "../../../lib/contracts/mod.ts";
import { ServerList } from "../../../lib/management/server_list.ts";
import type { ServerRecord, ServerUsage } from "../../../lib/runtime/mod.ts";

const config = () => ({}) as Config; // known by identity only, as the two below
const usage = () => ({}) as ServerUsage;
const tool = () => ({}) as ToolDefinition;

function record(state: "ready" | "connecting" = "ready"): ServerRecord {
  return { config: { enabled: true }, quarantined: false, state: { state } } as ServerRecord; // all that is counted
}

function createList() {
  const sources = { config: config(), usages: new Map<string, ServerUsage>() };
  const tools = new Map<string, readonly ToolDefinition[]>();
  const names = new WeakMap<readonly ToolDefinition[], Set<string>>();
  const made: string[] = [];
  const catalogue = {
    version: 0,
    get(name: string) {
      const listed = tools.get(name);
      if (listed === undefined) return undefined;
      const own = names.get(listed) ?? new Set(listed.map((_, at) => `tool ${at}`));
      names.set(listed, own);
      return {
        all: listed,
        tools: listed,
        held: 0,
        names: own,
        byName: new Map(),
        listedAt: 0,
        fingerprint: "",
      };
    },
  };
  const list = new ServerList({
    catalogue,
    sources: () => sources,
    toView(name) {
      made.push(name);
      return { name } as ServerView; // nobody reads the rest
    },
  });
  return {
    list,
    sources,
    setTools(name: string, listed: readonly ToolDefinition[]) {
      tools.set(name, listed);
      catalogue.version++;
    },
    takeMade: () => made.splice(0),
  };
}

Deno.test("ServerList makes a view anew when, and only when, something it is made from is another", () => {
  const { list, sources, setTools, takeMade } = createList();
  const servers = new Map([["b", record()], ["a", record()], ["c", record()]]);

  const first = list.of({ servers }).servers;
  deepStrictEqual(first.map(({ name }) => name), ["a", "b", "c"]);
  deepStrictEqual(takeMade(), ["b", "a", "c"]);
  strictEqual(first.every((view) => Object.isFrozen(view)), true);

  const again = list.of({ servers: new Map(servers) }).servers;
  strictEqual(again.every((view, place) => view === first[place]), true);
  deepStrictEqual(takeMade(), []);

  const changes: [() => void, string[]][] = [
    [() => servers.set("c", record()), ["c"]],
    [() => sources.usages = new Map([["a", usage()]]), ["a"]],
    [() => sources.usages = new Map(sources.usages), []],
    [() => setTools("b", []), ["b"]],
    [() => sources.config = config(), ["b", "a", "c"]],
  ];
  for (const [change, expected] of changes) {
    change();
    list.of({ servers });
    deepStrictEqual(takeMade(), expected);
    list.of({ servers });
    deepStrictEqual(takeMade(), []);
  }
});

Deno.test("ServerList follows servers that come, go and change places", () => {
  const { list } = createList();
  const [one, two, three] = [record(), record(), record()];
  const names = (servers: ReadonlyMap<string, ServerRecord>) =>
    list.of({ servers }).servers.map(({ name }) => name);

  deepStrictEqual(names(new Map([["m", one], ["z", two]])), ["m", "z"]);
  deepStrictEqual(names(new Map([["m", one], ["z", two], ["a", three]])), ["a", "m", "z"]);
  deepStrictEqual(names(new Map([["z", two], ["a", three]])), ["a", "z"]);
  deepStrictEqual(names(new Map([["a", three], ["z", two]])), ["a", "z"]);
  deepStrictEqual(names(new Map([["q", three], ["z", two]])), ["q", "z"]);
  deepStrictEqual(names(new Map()), []);
});

Deno.test("ServerList does not take one server's view for another's", () => {
  const { list } = createList();
  const same = record();

  const [before] = list.of({ servers: new Map([["a", same]]) }).servers;
  const [after] = list.of({ servers: new Map([["b", same]]) }).servers;

  notStrictEqual(after, before);
  strictEqual(after?.name, "b");
});

Deno.test("ServerList puts a changed view in its place and counts as if it had counted all", () => {
  const { list, setTools } = createList();
  const servers = new Map([["c", record()], ["a", record()], ["b", record("connecting")]]);
  const look = () => {
    const { servers: views, stats } = list.of({ servers });
    deepStrictEqual(views.map(({ name }) => name), [...servers.keys()].sort());
    return [stats.total_servers, stats.connected_servers, stats.connecting_servers, stats.total_tools];
  };

  deepStrictEqual(look(), [3, 2, 1, 0]);
  setTools("a", [tool(), tool()]);
  deepStrictEqual(look(), [3, 2, 1, 2]);
  servers.set("b", record());
  servers.set("a", { ...record(), quarantined: true });
  deepStrictEqual(look(), [3, 3, 0, 0]);
  servers.delete("c");
  deepStrictEqual(look(), [2, 2, 0, 0]);
  servers.set("d", record("connecting"));
  servers.set("a", record());
  deepStrictEqual(look(), [3, 2, 1, 2]);
});
