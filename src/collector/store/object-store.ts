import { MicrologError } from '../../base/errors.ts'

export interface StoredObject {
  key: string
  bytes: number
  /** When it was put, Unix ms, as the store says. */
  writtenMs: number
}

/**
 * Named, immutable bytes: a folder or a bucket. Keys are words of [0-9a-z.-] joined by '/'. Where it fails right now it
 * throws the system's error or a MicrologError `unavailable`: then nothing is known about the object.
 */
export interface ObjectStore {
  /** Durable once it answers; false when the key was taken: then what is there stays as it is. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>
  /** Bytes from `from` up to, not including, `to`; fewer where the object ends; `not-found` when there is none. */
  getRange(key: string, from: number, to: number): Promise<Uint8Array>
  /** Everything below a prefix that ends in '/', in the order of its keys. */
  list(prefix: string): Promise<StoredObject[]>
  /** Gone once it answers; no error when there was none. */
  delete(key: string): Promise<void>
}

/** Keys come from ids made here; this keeps a mistake elsewhere from becoming a path outside of the store. */
export function checkKey(key: string): void {
  if (!/^[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?(?:\/[0-9a-z](?:[0-9a-z.-]*[0-9a-z])?)*$/.test(key)) {
    throw new MicrologError(
      'invalid-input',
      `Expected a key of [0-9a-z.-] words, found ${JSON.stringify(key)}`
    )
  }
}
