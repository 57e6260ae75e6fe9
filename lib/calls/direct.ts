import type { ToolDefinition, ToolRef } from "../contracts/mod.ts";
import type { ListedTools, Runtime } from "../runtime/mod.ts";
import { interfacesOf, sharedInterfaces, withOwnInterface } from "./interfaces.ts";
import { findVisible, type KnownTool, visibleTools } from "./inventory.ts";
import { createNameMap, type NameMap, readPlainName } from "./names.ts";

/** Every visible tool under a name of its own, as clients list and call them directly. */
export interface DirectTools {
  /** Definitions under their direct names, in a fixed order. */
  list(runtime: Runtime): readonly ToolDefinition[];
  /** The tool behind a direct name; `undefined` if there is none. */
  find(runtime: Runtime, name: string): ToolRef | undefined;
}

interface Built {
  readonly names: NameMap;
  readonly definitions: readonly ToolDefinition[];
  readonly of: readonly unknown[];
}

/** Creates the direct tools; `limit` gives the longest name. */
export function createDirectTools(limit: () => number): DirectTools {
  const built = new WeakMap<Runtime, Built>();

  function build(runtime: Runtime): Built {
    const now = partsOf(runtime, limit());
    const last = built.get(runtime);
    if (last !== undefined && isSame(last.of, now)) return last;
    const tools = [...visibleTools(runtime)];
    const names = createNameMap(tools, limit());
    const shared = sharedInterfaces(interfacesOf(tools));
    const definitions = tools.map((tool) => toDirect(tool, names, shared)).sort(byName);
    const fresh = { names, definitions, of: now };
    built.set(runtime, fresh);
    return fresh;
  }

  return {
    list: (runtime) => build(runtime).definitions,
    find(runtime, name) {
      const plain = readPlainName(name, limit());
      if (plain !== undefined && findVisible(runtime, plain.server, plain.tool) !== undefined) return plain;
      const { server, tool } = build(runtime).names.byName.get(name) ?? {};
      return server === undefined || tool === undefined ? undefined : { server, tool };
    },
  };
}

/** What the names depend on; the same parts give the same names. */
function partsOf(runtime: Runtime, limit: number): readonly unknown[] {
  const snapshot = runtime.view();
  const lists: (ListedTools | undefined)[] = [];
  for (const server of snapshot.servers.keys()) lists.push(runtime.catalogue.get(server));
  return [limit, snapshot, ...lists];
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function toDirect(tool: KnownTool, names: NameMap, shared: ReadonlySet<string>): ToolDefinition {
  return { ...withOwnInterface(tool, shared), name: names.nameOf(tool) ?? tool.id };
}

function byName(a: ToolDefinition, b: ToolDefinition): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
