import { createDenoPlatform, type Platform } from "../platform/mod.ts";
import { type ApprovalRepository, openApprovalRepository } from "./approvals.ts";
import { type CatalogueRepository, openCatalogueRepository } from "./catalogue.ts";
import { type Database, openDatabase } from "./database.ts";
import { type EraRepository, openEras } from "./eras.ts";
import { toStorageError } from "./failures.ts";
import { type StorageHealth, toHealth } from "./health.ts";
import { checkMeta, type MetaRepository, openMeta } from "./meta.ts";
import { SCHEMA_VERSION, writeMark } from "./schema.ts";
import { openStatistics, type StatisticsRepository } from "./statistics.ts";
import { openTokenRepository, type TokenRepository } from "./tokens.ts";
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
  readonly approvals: ApprovalRepository;
  readonly catalogue: CatalogueRepository;
  readonly eras: EraRepository;
  readonly statistics: StatisticsRepository;
  readonly meta: MetaRepository;
  readonly tokens: TokenRepository;
  /** Changes that are not durable yet. */
  readonly pending: number;
  /**
   * Epoch milliseconds of when this database took the place of a damaged one;
   * `undefined` if it never did. Consent that may have been given before that
   * is not known any more, and what is not known counts as not given.
   */
  readonly replacedAt: number | undefined;
  /** How the storage does now. */
  health(): StorageHealth;
  /**
   * Resolves when every change made so far is durable.
   *
   * @throws {GatewayError} MCPX_DISK_FULL or MCPX_STORAGE_FAILED if the attempt failed; the changes wait
   * for the next.
   */
  flush(): Promise<void>;
}

/**
 * Opens the database file. A damaged one is set aside and replaced, an older
 * one migrated and kept under another name, each with a notice.
 *
 * @throws {GatewayError} MCPX_DATA_DIR_LOCKED, MCPX_DATA_DIR_DENIED, MCPX_DISK_FULL,
 * MCPX_STORAGE_TOO_NEW or MCPX_STORAGE_FAILED.
 */
export async function openStorage(
  platform: Pick<Platform, "clock" | "files" | "keyValues">,
  options: StorageOptions,
): Promise<Storage> {
  const database = await openDatabase(
    { platform, ...options },
    (kv) => openRepositories(kv, platform, options),
  );
  return build(database, options);
}

/** Opens a storage that forgets everything when it is closed. */
export async function openMemoryStorage(
  platform: Pick<Platform, "clock" | "keyValues"> = createDenoPlatform(),
): Promise<Storage> {
  const options = { path: ":memory:", onNotice: () => {} };
  const kv = await platform.keyValues.open(options.path);
  try {
    await writeMark(kv, { version: SCHEMA_VERSION, replacedAt: undefined });
    const content = await openRepositories(kv, platform, options);
    return build({ kv, replacedAt: undefined, setAside: undefined, content }, options);
  } catch (thrown) {
    kv.close();
    throw toStorageError("open database", options.path, thrown);
  }
}

type Repositories = Pick<Storage, "approvals" | "catalogue" | "eras" | "statistics" | "meta" | "tokens"> & {
  readonly writer: Writer;
};

/** Reads everything once, so that what cannot be read is found before anyone relies on it. */
async function openRepositories(
  kv: Deno.Kv,
  { clock }: Pick<Platform, "clock">,
  { path, onNotice }: StorageOptions,
): Promise<Repositories> {
  const writer = new Writer({ kv, clock, onNotice });
  await checkMeta(kv);
  // Each waits for the disk while the others work on what they have read.
  const [approvals, catalogue, eras, statistics, tokens] = await Promise.all([
    openApprovalRepository({ kv, writer, clock, onNotice }),
    openCatalogueRepository({ kv, writer, clock, onNotice }),
    openEras({ kv, writer }),
    openStatistics({ kv, writer, clock }),
    openTokenRepository({ kv, writer }),
  ]);
  return { writer, approvals, catalogue, eras, statistics, meta: openMeta({ kv, writer, path }), tokens };
}

function build(
  { kv, replacedAt, setAside, content: { writer, ...repositories } }: Database<Repositories>,
  { path }: StorageOptions,
): Storage {
  return {
    ...repositories,
    replacedAt,
    get pending() {
      return writer.pending;
    },
    health: () => toHealth(writer.state, { path, setAside }),
    flush: () => writer.flush(),
    async [Symbol.asyncDispose]() {
      await writer.close();
      kv.close();
    },
  };
}
