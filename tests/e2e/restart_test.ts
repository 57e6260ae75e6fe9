import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openToolIndex } from "../../lib/search/mod.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { type FixtureTool, serveHttpTools } from "../support/fixtures/http_tools.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";

const OFFICE = {
  send_invoice: { description: "Send an invoice to a customer" },
  list_invoices: { description: "Show all invoices" },
};
const GARDEN = { water_roses: { description: "Give water to the roses" } };

const fileOf = ({ dataDir }: Workspace) => join(dataDir, "search.index");

async function openScene(servers: readonly Record<string, unknown>[]): Promise<Workspace> {
  return await openWorkspace({ require_mcp_auth: false, logging: { level: "warn" }, mcpServers: servers });
}

/** Ids of the tools that a daemon finds. */
async function find({ url, apiKey }: Daemon, query: string): Promise<string[]> {
  const answer = await fetch(`${url}/api/v1/index/search?q=${encodeURIComponent(query)}`, {
    headers: { "x-api-key": apiKey },
  });
  strictEqual(answer.status, 200);
  const { data: { results } } = await answer.json();
  return results.map(({ tool }: { tool: { server_name: string; name: string } }) =>
    `${tool.server_name}:${tool.name}`
  );
}

/** Waits until a query finds just these; they come when a server has been asked. */
async function until(daemon: Daemon, query: string, wanted: readonly string[]): Promise<void> {
  let found: string[] = [];
  for (let look = 0; look < 2_000; look++) {
    found = await find(daemon, query);
    if (found.join() === wanted.join()) return;
    await new Promise((next) => setTimeout(next, 5));
  }
  deepStrictEqual(found, wanted);
}

/** Lets a daemon learn what the servers have, and stops it. */
async function learn(workspace: Workspace, query: string, wanted: readonly string[]): Promise<void> {
  await using daemon = await startDaemon(workspace);
  await until(daemon, query, wanted);
}

const INVOICES = ["office:list_invoices", "office:send_invoice"];

Deno.test("a start finds the tools of servers that are down, by an index that lies there for nobody else", async () => {
  await using workspace = await openScene([]);
  {
    await using office = serveHttpTools(OFFICE);
    await using garden = serveHttpTools(GARDEN);
    const mcpServers = [office.entry("office"), garden.entry("garden")];
    await workspace.write({ listen: "127.0.0.1:0", require_mcp_auth: false, mcpServers });
    await using daemon = await startDaemon(workspace);
    await until(daemon, "water roses", ["garden:water_roses"]);
    await until(daemon, "invoices", INVOICES);
  }
  const { mode, ino } = Deno.statSync(fileOf(workspace));
  strictEqual((mode ?? 0) & 0o777, 0o600);

  {
    await using daemon = await startDaemon(workspace);
    deepStrictEqual(await find(daemon, "invoices"), INVOICES);
    deepStrictEqual(await find(daemon, "water roses"), ["garden:water_roses"]);
  }
  strictEqual(Deno.statSync(fileOf(workspace)).ino, ino, "what has not changed is not written");
});

type Damage = (path: string, bytes: Uint8Array) => void;

function flip(path: string, bytes: Uint8Array, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 4;
  Deno.writeFileSync(path, bytes);
}

const DAMAGES: Readonly<Record<string, Damage>> = {
  "gone": (path) => Deno.removeSync(path),
  "empty": (path) => Deno.truncateSync(path),
  "cut": (path, bytes) => Deno.truncateSync(path, bytes.length >> 1),
  "of another version": (path, bytes) => flip(path, bytes, 4),
  "altered at the start": (path, bytes) => flip(path, bytes, 200),
  "altered at the end": (path, bytes) => flip(path, bytes, bytes.length - 9),
  "longer": (path) => Deno.writeTextFileSync(path, "more", { append: true }),
  "something else": (path) => Deno.writeTextFileSync(path, '{"tools":[]}'),
  "half written, as by a daemon that was killed over it": (path, bytes) => {
    Deno.removeSync(path);
    // No process has such a number.
    Deno.writeFileSync(`${path}.tmp.4194399-1`, bytes.subarray(0, bytes.length >> 1), { mode: 0o600 });
  },
};

Deno.test("a start finds the same tools whatever has become of the file of the index, and makes it anew", async () => {
  await using workspace = await openScene([]);
  {
    await using office = serveHttpTools(OFFICE);
    await workspace.write({
      listen: "127.0.0.1:0",
      require_mcp_auth: false,
      mcpServers: [office.entry("office")],
    });
    await learn(workspace, "invoices", INVOICES);
  }
  const path = fileOf(workspace);
  const whole = Deno.readFileSync(path);
  for (const [how, damage] of Object.entries(DAMAGES)) {
    damage(path, whole.slice());
    await using daemon = await startDaemon(workspace);
    deepStrictEqual(await find(daemon, "invoices"), INVOICES, how);
    const { code, stderr } = await daemon.stop("SIGTERM");
    deepStrictEqual([code, /panicked|index not/.test(stderr)], [0, false], how);
    ok(openToolIndex().restore(Deno.readFileSync(path)), how);
    const names = [...Deno.readDirSync(workspace.dataDir)].map(({ name }) => name);
    deepStrictEqual(names.filter((name) => name.startsWith("search.")), ["search.index"], how);
  }
});

Deno.test("a start finds nothing by an index that is older than what is known", async () => {
  await using workspace = await openScene([]);
  const old = { ...OFFICE, fold_napkins: { description: "Fold napkins" } };
  const entries: Record<string, unknown>[] = [];
  {
    await using office = serveHttpTools(old);
    await using garden = serveHttpTools(GARDEN);
    entries.push(office.entry("office"), garden.entry("garden"));
    await workspace.write({ listen: "127.0.0.1:0", require_mcp_auth: false, mcpServers: entries });
    {
      await using daemon = await startDaemon(workspace);
      await until(daemon, "fold napkins", ["office:fold_napkins"]);
      await until(daemon, "water roses", ["garden:water_roses"]);
    }
    const older = Deno.readFileSync(fileOf(workspace));
    const changed: Record<string, FixtureTool> = {
      ...OFFICE,
      send_invoice: { description: "Post a letter to a customer" },
    };
    office.turnTo(changed);
    // Let in by a person, as a changed tool has to be.
    {
      await using daemon = await startDaemon(workspace);
      await until(daemon, "fold napkins", []);
      const { code } = await daemon.cli(["tools", "approve", "office:send_invoice"]);
      strictEqual(code, 0);
      await until(daemon, "post letter", ["office:send_invoice"]);
    }
    Deno.writeFileSync(fileOf(workspace), older);
  }

  {
    await using daemon = await startDaemon(workspace);
    deepStrictEqual(await find(daemon, "fold napkins"), []);
    deepStrictEqual(await find(daemon, "post letter"), ["office:send_invoice"]);
    deepStrictEqual(await find(daemon, "water roses"), ["garden:water_roses"]);
  }

  // Nor by one that has servers which are not wanted any more, or are others by now.
  const [office = {}] = entries;
  const mcpServers = [{ ...office, url: "http://127.0.0.1:1/other" }];
  await workspace.write({ listen: "127.0.0.1:0", require_mcp_auth: false, mcpServers });
  await using daemon = await startDaemon(workspace);
  for (const query of ["water roses", "post letter", "invoices"]) {
    deepStrictEqual(await find(daemon, query), [], query);
  }
  const { code } = await daemon.stop("SIGTERM");
  strictEqual(code, 0);
  match([...Deno.readDirSync(workspace.dataDir)].map(({ name }) => name).join(), /^(?!.*search)/);
});
