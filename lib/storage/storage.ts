import { createDenoPlatform, type Platform } from "../platform/mod.ts";
import { type CatalogueRepository, openCatalogueRepository } from "./catalogue.ts";
import { claimSchema, openDatabase } from "./database.ts";
import { toStorageError } from "./failures.ts";
import { type MetaRepository, openMeta } from "./meta.ts";
import { openStatistics, type StatisticsRepository } from "./statistics.ts";
import { Writer } from "./writer.ts";

/** Where the database is. */
export interface StorageOptions {
  /** The file; its directory is made with mode 0700 if missing. */
  readonly path: string;
  /** Hears in words what a person should know: damage, failing writes, losses. */
  readonly onNotice: (text: string) => void;
}

/**
 * What the gateway remembers. Closing it writes all that waits.
 *
 * Reads come from memory or from the last commit and never wait for a write.
 */
export interface Storage extends AsyncDisposable {
  readonly catalogue: CatalogueRepository;
  readonly statistics: StatisticsRepository;
  readonly meta: MetaRepository;
  /** Changes that are not durable yet. */
  readonly pending: number;
  /**
   * Resolves when every change made so far is durable.
   *
   * @throws {GatewayError} MCPX_STORAGE_FAILED if the attempt failed; the changes wait for the next.
   */
  flush(): Promise<void>;
}

/**
 * Opens the database file. A damaged one is set aside and replaced, with a notice.
 *
 * @throws {GatewayError} MCPX_DATA_DIR_LOCKED, MCPX_DATA_DIR_DENIED,
 * MCPX_STORAGE_TOO_NEW or MCPX_STORAGE_FAILED.
 */
export async function openStorage(
  platform: Pick<Platform, "clock" | "files" | "keyValues">,
  options: StorageOptions,
): Promise<Storage> {
  const kv = await openDatabase({ platform, ...options });
  return await build(kv, platform, options);
}

/** Opens a storage that forgets everything when it is closed. */
export async function openMemoryStorage(
  platform: Pick<Platform, "clock" | "keyValues"> = createDenoPlatform(),
): Promise<Storage> {
  const path = ":memory:";
  const kv = await platform.keyValues.open(path);
  await claimSchema(kv, path);
  return await build(kv, platform, { path, onNotice: () => {} });
}

async function build(
  kv: Deno.Kv,
  { clock }: Pick<Platform, "clock">,
  { path, onNotice }: StorageOptions,
): Promise<Storage> {
  try {
    const writer = new Writer({ kv, clock, onNotice });
    return {
      catalogue: await openCatalogueRepository({ kv, writer, onNotice }),
      statistics: await openStatistics({ kv, writer, clock }),
      meta: openMeta({ kv, writer, path }),
      get pending() {
        return writer.pending;
      },
      flush: () => writer.flush(),
      async [Symbol.asyncDispose]() {
        await writer.close();
        kv.close();
      },
    };
  } catch (thrown) {
    kv.close();
    throw toStorageError("read database", path, thrown);
  }
}
