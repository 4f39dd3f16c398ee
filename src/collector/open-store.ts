import { Library } from './query/library.ts'
import { Catalog } from './store/catalog.ts'
import { createFolderStore } from './store/folder-store.ts'
import { storeLocation } from './store/store-location.ts'

/** A store to ask and to write to, without a collector: other processes may be writing to it at the same time. */
export interface OpenStore {
  /** Absolute path of its folder. */
  root: string
  catalog: Catalog
  library: Library
}

/** @param where a folder; else MICROLOG_STORE, else ~/.microlog */
export async function openStore(where?: string): Promise<OpenStore> {
  const root = storeLocation(where, process.env)
  const catalog = new Catalog(await createFolderStore(root))
  return { root, catalog, library: new Library(catalog) }
}
