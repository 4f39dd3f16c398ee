import type { ByteSource } from '../../src/format/index.ts'

/** A file in memory that counts what is read of it. */
export function memoryFile(bytes: Uint8Array): ByteSource & { bytesRead: number; reads: number } {
  return {
    byteLength: bytes.length,
    bytesRead: 0,
    reads: 0,
    slice(from, to) {
      this.reads++
      this.bytesRead += to - from
      return bytes.subarray(from, to)
    }
  }
}
