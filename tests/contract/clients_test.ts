/**
 * The verbs about other clients and registries, the same over every way to the service.
 *
 * @module
 */

import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { connectRemote } from "../../lib/client/mod.ts";
import { GatewayError, type Management } from "../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { type Gateway, openGateway } from "../../mod.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";

interface Subject {
  readonly management: Management;
  readonly workspace: Workspace;
}

const WAYS: Readonly<Record<string, (gateway: Gateway) => Management>> = {
  "in process": ({ management }) => management,
  "over the socket": ({ socketPath = "" }) =>
    connectRemote(createDenoPlatform(), { kind: "socket", path: socketPath }, { version: "test" }),
  "over HTTP": ({ address, apiKey }) =>
    connectRemote(createDenoPlatform(), { kind: "tcp", url: `http://${address}`, apiKey }, {
      version: "test",
    }),
};

/** Runs one check over every way. */
function everyWay(name: string, check: (subject: Subject) => Promise<void>): void {
  for (const [way, reach] of Object.entries(WAYS)) {
    Deno.test(`${name} (${way})`, async () => {
      await using workspace = await openWorkspace({ require_mcp_auth: false });
      const real = createDenoPlatform();
      const machine = { ...real.machine, home: workspace.directory };
      const env = { HOME: workspace.directory };
      await using gateway = await openGateway({
        config: workspace.config,
        dataDir: workspace.dataDir,
        platform: { ...real, machine, env },
      });
      const management = reach(gateway);
      try {
        await check({ management, workspace });
      } finally {
        if (management !== gateway.management) await management[Symbol.asyncDispose]();
      }
    });
  }
}

function failsWith(code: string): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof GatewayError, `${error}`);
    strictEqual(error.code, code);
    return true;
  };
}

everyWay("import.content previews, imports and skips", async ({ management }) => {
  const content = JSON.stringify({ context_servers: { a: { command: "npx", args: ["a"] }, b: {} } });

  const preview = await management.request("import.content", { content, preview: true });
  const done = await management.request("import.content", { content });
  const again = await management.request("import.content", { content });

  deepStrictEqual(preview.summary, { total: 2, imported: 1, skipped: 0, failed: 1 });
  deepStrictEqual(
    done.imported.map(({ name, command_line, quarantined }) => [name, command_line, quarantined]),
    [
      ["a", "npx a", true],
    ],
  );
  deepStrictEqual(again.skipped.map(({ name, reason }) => [name, reason]), [["a", "already_exists"]]);
  strictEqual((await management.request("servers.get", { name: "a" })).quarantined, true);
});

everyWay("import.path reads the usual file of a client", async ({ management, workspace }) => {
  await Deno.writeTextFile(
    `${workspace.directory}/.claude.json`,
    JSON.stringify({ mcpServers: { web: { type: "http", url: "https://a.example/mcp" } } }),
  );

  const { paths } = await management.request("import.paths", {});
  const { imported } = await management.request("import.path", {
    path: "claude-code",
    skip_quarantine: true,
  });

  deepStrictEqual(paths.filter(({ exists }) => exists).map(({ format }) => format), ["claude-code"]);
  deepStrictEqual(imported.map(({ name, protocol, quarantined }) => [name, protocol, quarantined]), [
    ["web", "streamable-http", false],
  ]);
  await rejects(
    management.request("import.path", { path: "/none" }),
    failsWith("MCPX_CLIENT_FILE_NOT_FOUND"),
  );
  await rejects(
    management.request("import.content", { content: "{}" }),
    failsWith("MCPX_CLIENT_FILE_UNREADABLE"),
  );
});

everyWay(
  "connect.add, connect.undo and connect.remove change one entry of a client's file",
  async ({ management, workspace }) => {
    const path = `${workspace.directory}/.claude.json`;
    await Deno.writeTextFile(path, '{"a": 1}');

    const preview = await management.request("connect.preview", { client: "claude-code" });
    const added = await management.request("connect.add", {
      client: "claude-code",
      precondition_token: preview.precondition_token,
    });

    strictEqual(preview.entry_exists, false);
    deepStrictEqual(JSON.parse(await Deno.readTextFile(path)), {
      a: 1,
      mcpServers: { mcpproxy: { ...preview.entry } },
    });
    deepStrictEqual([added.action, added.config_path], ["created", path]);
    strictEqual((await management.request("connect.get", { client: "claude-code" })).connected, true);
    await rejects(
      management.request("connect.add", {
        client: "claude-code",
        precondition_token: preview.precondition_token,
      }),
      failsWith("MCPX_CLIENT_FILE_CHANGED"),
    );
    strictEqual((await management.request("connect.undo", { client: "claude-code" })).action, "restored");
    strictEqual(await Deno.readTextFile(path), '{"a": 1}');
    await rejects(
      management.request("connect.undo", { client: "claude-code" }),
      failsWith("MCPX_CLIENT_FILE_NOT_FOUND"),
    );
    await rejects(
      management.request("connect.undo", { client: "claude-code", backup_name: "../../etc/passwd" }),
      failsWith("MCPX_CLIENT_FILE_NOT_FOUND"),
    );
    strictEqual((await management.request("connect.remove", { client: "claude-code" })).action, "not_found");
    await rejects(management.request("connect.get", { client: "emacs" }), failsWith("MCPX_INVALID_INPUT"));
    const { activities } = await management.request("activity.list", { status: ["error"] });
    ok(activities.some(({ metadata }) => metadata?.client === "claude-code"), "what failed names its client");
    const { clients } = await management.request("connect.list", {});
    ok(clients.length >= 8 && clients.every(({ connected }) => !connected));
  },
);

everyWay(
  "registries are added, searched, and their servers installed in quarantine",
  async ({ management, workspace }) => {
    const path = `${workspace.directory}/list.json`;
    const listing = { servers: [{ name: "a/b", command: "npx", args: ["b"] }, { name: "c" }] };
    await Deno.writeTextFile(path, JSON.stringify(listing));

    const added = await management.request("registries.add", { url: path, id: "mine" });
    await management.request("registries.update", { id: "mine", name: "Mine" });
    const { registries } = await management.request("registries.list", {});
    const found = await management.request("registries.search", { id: "mine", limit: 5 });
    const { server } = await management.request("registries.install", { id: "mine", server_id: "a/b" });

    deepStrictEqual(added, { id: "mine", action: "add", success: true });
    deepStrictEqual(registries.map(({ id, name, trusted }) => [id, name, trusted]).at(-1), [
      "mine",
      "Mine",
      false,
    ]);
    deepStrictEqual(found.servers.map(({ id }) => id), ["a/b", "c"]);
    deepStrictEqual([server.name, server.command, server.quarantined], ["b", "npx", true]);
    const install = (server_id: string) =>
      management.request("registries.install", { id: "mine", server_id });
    await rejects(install("c"), failsWith("MCPX_REGISTRY_NO_INSTALL"));
    await rejects(install("d"), failsWith("MCPX_REGISTRY_SERVER_NOT_FOUND"));
    await rejects(install("a/b"), failsWith("MCPX_SERVER_EXISTS"));
    await rejects(
      management.request("registries.add", { url: path, id: "mine" }),
      failsWith("MCPX_REGISTRY_EXISTS"),
    );
    deepStrictEqual(await management.request("registries.refresh", { id: "mine" }), {
      registry_id: "mine",
      cleared: 0,
    });
    await management.request("registries.remove", { id: "mine" });
    await rejects(
      management.request("registries.search", { id: "mine" }),
      failsWith("MCPX_REGISTRY_NOT_FOUND"),
    );
  },
);
