import type { ByteWriter } from '../../base/byte-writer.ts'
import { encodeNumbers } from './numbers.ts'

const utf8 = new TextEncoder()

/** Lengths in bytes, then the bytes of all. */
export function encodeStrings(writer: ByteWriter, strings: readonly string[]): void {
  const encoded = strings.map(text => utf8.encode(text))
  encodeBlobs(writer, encoded)
}

export function encodeBlobs(writer: ByteWriter, blobs: readonly Uint8Array[]): void {
  encodeNumbers(
    writer,
    Uint32Array.from(blobs, bytes => bytes.length)
  )
  for (const bytes of blobs) writer.raw(bytes)
}
