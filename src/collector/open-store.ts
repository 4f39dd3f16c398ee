import { takeBucketTurn, takeCompactionTurn } from './compaction/take-turn.ts'
import { Library } from './query/library.ts'
import { Catalog } from './store/catalog.ts'
import { createFolderStore } from './store/folder-store.ts'
import type { Lease } from './store/journal-lease.ts'
import { keepRanges } from './store/kept-ranges.ts'
import { createS3Client, loadS3Sdk } from './store/s3-client.ts'
import { createS3Store } from './store/s3-store.ts'
import { storeLocation } from './store/store-location.ts'
import type { BucketLocation, FolderLocation, S3Settings } from './store/store-location.ts'

/** A store to ask and to write to, without a collector: other processes may be writing to it at the same time. */
export interface OpenStore {
  /** What people call it: the absolute path of its folder, or s3://bucket/prefix. */
  name: string
  /** Absolute path of the folder for journals: its own, or for a bucket one of this machine. */
  root: string
  catalog: Catalog
  library: Library
  /** Throws where it can't be written to as it must be, so that a collector says so before it takes anything. */
  checkWriting(): Promise<void>
  compaction: {
    /** See take-turn. */
    takeTurn(): Promise<Lease | undefined>
    /** How often its collectors look for what to put together, ms. */
    everyMs: number
  }
}

/** In a bucket each listing is a request that costs, and what others do is seen so much later, ms. */
const bucketListingAgeMs = 5000
/** As long as an hour has to be quiet before it is put together. */
const bucketCompactEveryMs = 5 * 60_000

/** @param where a folder or s3://bucket/prefix; else MICROLOG_STORE, MICROLOG_S3_ROOT, ~/.microlog */
export async function openStore(where?: string, s3?: S3Settings): Promise<OpenStore> {
  const location = storeLocation(where, process.env, s3)
  return location.kind === 'bucket' ? openBucket(location) : openFolder(location)
}

async function openFolder({ name, folder }: FolderLocation): Promise<OpenStore> {
  const catalog = new Catalog(await createFolderStore(folder))
  return {
    name,
    root: folder,
    catalog,
    library: new Library(catalog),
    checkWriting: () => Promise.resolve(),
    compaction: { takeTurn: () => takeCompactionTurn(folder), everyMs: 60_000 }
  }
}

async function openBucket(location: BucketLocation): Promise<OpenStore> {
  const sdk = await loadS3Sdk()
  const store = keepRanges(createS3Store(sdk, createS3Client(sdk, location), location))
  const catalog = new Catalog(store, { listingAgeMs: bucketListingAgeMs })
  return {
    name: location.name,
    root: location.folder,
    catalog,
    library: new Library(catalog),
    checkWriting: store.probe,
    compaction: { takeTurn: () => takeBucketTurn(store), everyMs: bucketCompactEveryMs }
  }
}
