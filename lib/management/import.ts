import { resolve } from "node:path";
import {
  GatewayError,
  type ImportResult,
  toGatewayError,
  type VerbOutput,
  type VerbParsed,
  wireOf,
} from "../contracts/mod.ts";
import {
  type ClientId,
  type Importable,
  isClientId,
  planImport,
  readClientFile,
  toCommandLine,
} from "../client_files/mod.ts";
import { maskServer } from "../secrets/mod.ts";
import { CLIENT_NAMES, CLIENTS } from "./client_configs/clients.ts";
import { existingPath } from "./client_paths.ts";
import { settleServer } from "./newcomers.ts";
import type { ManagementOptions } from "./options.ts";
import { ownAddress } from "./own_address.ts";
import type { AddServer, VerbContext } from "./verb_context.ts";

type Input = VerbParsed<"import.content"> | VerbParsed<"import.path">;

/** A file is read whole; no client's settings are near this. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** Verbs that take servers over from other clients. */
export function importVerbs(options: ManagementOptions, add: AddServer) {
  const { platform, config } = options;
  const { machine, env, files } = platform;
  const place = { os: machine.os, home: machine.home, env };

  async function importText(
    { text, path }: { readonly text: string; readonly path: string },
    input: Input,
    context: VerbContext,
  ): Promise<ImportResult> {
    const file = readClientFile(text, { path, format: toClientId(input.format) });
    const plan = planImport(file, {
      only: input.server_names,
      rename: input.rename,
      taken: new Set(config.snapshot().config.mcpServers.map(({ name }) => name)),
      home: machine.home,
      isOwn: ownAddress(options),
    });
    const failed = [...plan.failed];
    const done: Importable[] = [];
    for (const planned of plan.servers) {
      const settled = await settleServer(options, planned.server);
      const one = {
        ...planned,
        server: settled.server,
        warnings: [...planned.warnings, ...settled.warnings],
      };
      const problem = input.preview ? undefined : await attempt(one, input.skip_quarantine, context);
      if (problem === undefined) done.push(one);
      else failed.push({ name: one.originalName, error: problem.message, details: problem.remedy });
    }
    return toResult({ plan: { ...plan, failed }, done, input });
  }

  async function attempt(
    { server }: Importable,
    isTrusted: boolean,
    context: VerbContext,
  ): Promise<GatewayError | undefined> {
    try {
      await add({ ...server, quarantined: !isTrusted }, context);
      return undefined;
    } catch (error) {
      return toGatewayError(error);
    }
  }

  return {
    async paths(): Promise<VerbOutput<"import.paths">> {
      const paths = CLIENT_NAMES.map(async (id) => {
        const { path, exists } = await existingPath(files, id, place);
        const { title } = CLIENTS[id];
        return { name: title, format: id, path, exists, os: machine.os, description: `Servers of ${title}` };
      });
      return { os: machine.os, paths: await Promise.all(paths) };
    },

    content: (input: VerbParsed<"import.content">, context: VerbContext) =>
      importText({ text: input.content, path: input.filename ?? "the text given" }, input, context),

    async path(input: VerbParsed<"import.path">, context: VerbContext): Promise<ImportResult> {
      const client = isClientId(input.path) ? input.path : undefined;
      const path = client === undefined
        ? resolve(machine.cwd, input.path.replace(/^~(?=$|[\\/])/, machine.home))
        : (await existingPath(files, client, place)).path;
      const stat = await files.stat(await files.realPath(path).catch(() => path)).catch(() => undefined);
      if (stat?.kind !== "file") throw notThere(path, stat !== undefined);
      if (stat.sizeBytes > MAX_FILE_BYTES) throw tooBig(path, stat.sizeBytes);
      const text = await files.readText(path) ?? "";
      return await importText({ text, path }, { ...input, format: input.format ?? client }, context);
    },
  };
}

function toClientId(format: string | undefined): ClientId | undefined {
  if (format === undefined || isClientId(format)) return format;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot import from "${format.slice(0, 40)}": no client of this name is known`,
    {
      remedy: `Use one of ${CLIENT_NAMES.join(", ")}`,
    },
  );
}

function notThere(path: string, isThere: boolean): GatewayError {
  return new GatewayError(
    "MCPX_CLIENT_FILE_NOT_FOUND",
    `Cannot import "${path}": ${isThere ? "it is no file" : "there is no such file"}`,
  );
}

function tooBig(path: string, sizeBytes: number): GatewayError {
  return new GatewayError(
    "MCPX_CLIENT_FILE_UNREADABLE",
    `Cannot import "${path}": it has ${sizeBytes} bytes, wanted at most ${MAX_FILE_BYTES}`,
  );
}

interface Outcome {
  readonly plan: ReturnType<typeof planImport>;
  readonly done: readonly Importable[];
  readonly input: Input;
}

function toResult({ plan, done, input }: Outcome): ImportResult {
  const { client, skipped, failed } = plan;
  const imported = done.map((one) => toImported(one, client, input.skip_quarantine));
  const secrets = imported.filter((one) => one.secrets.length > 0).map(({ name }) => name);
  return {
    format: client,
    format_name: CLIENTS[client].title,
    preview: input.preview,
    summary: {
      total: imported.length + skipped.length + failed.length,
      imported: imported.length,
      skipped: skipped.length,
      failed: failed.length,
    },
    imported,
    skipped: [...skipped],
    failed: [...failed],
    warnings: secrets.length === 0 ? [] : [
      `Secrets of ${
        secrets.join(", ")
      } stand in clear text in the config; mcpproxy secrets migrate takes them out`,
    ],
  };
}

function toImported(
  { server, originalName, place, fieldsSkipped, warnings }: Importable,
  client: ClientId,
  isTrusted: boolean,
): ImportResult["imported"][number] {
  const { env, headers, url, args } = maskServer(server);
  const secrets = [
    ...namesOfMasked("env", server.env, env),
    ...namesOfMasked("headers", server.headers, headers),
    ...(server.args.some((arg, index) => arg !== args[index]) ? ["args"] : []),
    ...(server.url === url ? [] : ["url"]),
  ];
  return {
    name: server.name,
    original_name: originalName,
    place,
    protocol: wireOf(server),
    url,
    command: server.command,
    args: server.command === undefined ? undefined : args,
    command_line: server.command === undefined ? undefined : toCommandLine(server.command, args),
    env: Object.keys(server.env),
    headers: Object.keys(server.headers),
    secrets,
    enabled: server.enabled,
    quarantined: !isTrusted,
    isolation: server.isolation?.mode,
    source_format: client,
    fields_skipped: [...fieldsSkipped],
    warnings: [...warnings],
  };
}

function namesOfMasked(
  field: string,
  values: Readonly<Record<string, string>>,
  masked: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(values).filter((name) => values[name] !== masked[name]).map((name) =>
    `${field}.${name}`
  );
}
