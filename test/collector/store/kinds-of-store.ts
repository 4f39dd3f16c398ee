import { createFolderStore } from '../../../src/collector/store/folder-store.ts'
import { keepRanges } from '../../../src/collector/store/kept-ranges.ts'
import type { ObjectStore } from '../../../src/collector/store/object-store.ts'
import { openBucketStore, realBucket, realS3, smallBucket } from '../bucket.ts'
import { temporaryFolder } from '../temporary-store.ts'

/** Every kind of store there is, empty: what is promised of one is promised of all. */
export const kindsOfStore: { kind: string; createStore(): Promise<ObjectStore> }[] = [
  { kind: 'a folder', createStore: () => createFolderStore(temporaryFolder()) },
  { kind: 'a bucket', createStore: async () => keepRanges(await openBucketStore(await smallBucket())) },
  ...(realS3
    ? [{ kind: 'a real bucket', createStore: async () => keepRanges(await openBucketStore(realBucket())) }]
    : [])
]
