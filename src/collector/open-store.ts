import { MicrologError } from '../base/errors.ts'
import { takeBucketTurn, takeCompactionTurn } from './compaction/take-turn.ts'
import { Library } from './query/library.ts'
import { folderJournals } from './ingest/journal-folder.ts'
import type { JournalHome } from './ingest/journal-home.ts'
import { objectJournals } from './ingest/object-journals.ts'
import { CatalogLeases } from './store/catalog-leases.ts'
import { ensureCatalog } from './store/catalog-schema.ts'
import { Catalog } from './store/catalog.ts'
import { createCatalogedStore } from './store/cataloged-store.ts'
import { createFolderStore } from './store/folder-store.ts'
import type { Lease } from './store/journal-lease.ts'
import { keepRanges } from './store/kept-ranges.ts'
import { CatalogSettingsError, loadPg, openDatabase } from './store/pg-client.ts'
import type { Database } from './store/pg-client.ts'
import { createS3Client, loadS3Sdk } from './store/s3-client.ts'
import { createS3Store } from './store/s3-store.ts'
import type { S3Store } from './store/s3-store.ts'
import { storeLocation } from './store/store-location.ts'
import type { BucketLocation, FolderLocation, S3Settings } from './store/store-location.ts'

/** A store to ask and to write to, without a collector: other processes may be writing to it at the same time. */
export interface OpenStore {
  /** What people call it: the absolute path of its folder, or s3://bucket/prefix. */
  name: string
  /** Absolute path of the folder for journals: its own, or for a bucket one of this machine. */
  root: string
  catalog: Catalog
  /** The PostgreSQL that names what is in a bucket, where there is one. */
  database?: CatalogDatabase
  journals: JournalHome
  library: Library
  /** Throws where it can't be written to as it must be, so that a collector says so before it takes anything. */
  checkWriting(): Promise<void>
  compaction: {
    /** See take-turn. */
    takeTurn(): Promise<Lease | undefined>
    /** How often its collectors look for what to put together, ms. */
    everyMs: number
  }
  close(): Promise<void>
}

export interface CatalogDatabase extends Pick<Database, 'name' | 'statistics'> {
  /** Collectors beside this one that may have taken what isn't sealed yet. */
  others(): number
  /** Deletes objects that nothing names any more; how many. */
  sweep(): Promise<number>
}

export interface StoreSettings {
  s3?: S3Settings
  /** postgres://…; default MICROLOG_CATALOG. Only of a bucket. */
  catalog?: string
  /** How long who shares a catalog may say nothing before others take over its journal, ms. */
  adoptAfterMs?: number
}

/** In a bucket each listing is a request that costs, and what others do is seen so much later, ms. */
const bucketListingAgeMs = 5000
/** As long as an hour has to be quiet before it is put together. */
const bucketCompactEveryMs = 5 * 60_000
const usualAdoptAfterMs = 30_000

/** @param where a folder or s3://bucket/prefix; else MICROLOG_STORE, MICROLOG_S3_ROOT, ~/.microlog */
export async function openStore(where?: string, settings: StoreSettings = {}): Promise<OpenStore> {
  const location = storeLocation(where, process.env, settings.s3)
  const catalog = settings.catalog || process.env['MICROLOG_CATALOG']
  if (location.kind === 'bucket')
    return catalog ? openCataloged(location, catalog, settings.adoptAfterMs) : openBucket(location)
  // In the environment it may be there for other stores; without any store somebody expects the data in a bucket.
  if (settings.catalog || (catalog && !where && !process.env['MICROLOG_STORE'])) {
    throw new MicrologError(
      'invalid-input',
      `Expected --store s3://bucket/prefix beside --catalog or MICROLOG_CATALOG, found the folder ${location.folder}`
    )
  }
  return openFolder(location)
}

async function openFolder({ name, folder }: FolderLocation): Promise<OpenStore> {
  const catalog = new Catalog(await createFolderStore(folder))
  return {
    name,
    root: folder,
    catalog,
    journals: folderJournals(folder),
    library: new Library(catalog),
    checkWriting: () => Promise.resolve(),
    compaction: { takeTurn: () => takeCompactionTurn(folder), everyMs: 60_000 },
    close: () => Promise.resolve()
  }
}

async function openBucket(location: BucketLocation): Promise<OpenStore> {
  const store = keepRanges(await openS3(location))
  const catalog = new Catalog(store, { listingAgeMs: bucketListingAgeMs })
  return {
    name: location.name,
    root: location.folder,
    catalog,
    journals: folderJournals(location.folder),
    library: new Library(catalog),
    checkWriting: store.probe,
    compaction: { takeTurn: () => takeBucketTurn(store), everyMs: bucketCompactEveryMs },
    close: () => Promise.resolve()
  }
}

/** Beyond one machine: see docs/decisions/0016-a-catalog-in-postgresql.md. */
async function openCataloged(
  location: BucketLocation,
  url: string,
  adoptAfterMs = usualAdoptAfterMs
): Promise<OpenStore> {
  const bucket = await openS3(location)
  const database = openDatabase(await loadPg(), url)
  const leases = new CatalogLeases(database, adoptAfterMs)
  const ready = once(() => ensureCatalog(database, location.name, bucket))
  const store = keepRanges(createCatalogedStore(bucket, database, leases, ready))
  const catalog = new Catalog(store)
  return {
    name: location.name,
    root: location.folder,
    catalog,
    database: {
      name: database.name,
      statistics: database.statistics,
      others: () => leases.others,
      sweep: () => store.sweep(Date.now())
    },
    journals: objectJournals(store, leases),
    library: new Library(catalog),
    async checkWriting() {
      const ends = await Promise.allSettled([bucket.probe(), ready()])
      const failures: unknown[] = ends.flatMap(end => (end.status === 'rejected' ? [end.reason] : []))
      const lasting = failures.find(why => !(why instanceof MicrologError && why.code === 'unavailable'))
      if (failures.length > 0) throw lasting ?? failures[0]
    },
    compaction: {
      takeTurn: async () => (await ready(), leases.take('compaction')),
      everyMs: bucketCompactEveryMs
    },
    close: () => database.close()
  }
}

async function openS3(location: BucketLocation): Promise<S3Store> {
  const sdk = await loadS3Sdk()
  return createS3Store(sdk, createS3Client(sdk, location), location)
}

/** Done once; after a failure, tried again. What only a person can put right is `invalid-input`. */
function once(work: () => Promise<void>): () => Promise<void> {
  let doing: Promise<void> | undefined
  return () =>
    (doing ??= work().catch((thrown: unknown) => {
      doing = undefined
      if (thrown instanceof CatalogSettingsError)
        throw new MicrologError('invalid-input', thrown.message, { cause: thrown })
      throw thrown
    }))
}
