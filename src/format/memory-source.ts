import type { ByteSource } from './decode/block-store.ts'

/** A segment that is in memory as a whole. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return { byteLength: bytes.length, slice: (from, to) => bytes.subarray(from, to) }
}
