// One frame of zstd (RFC 8878) whose blocks are the content as it is: any reader of zstd takes it, and no library is needed.
import { ByteWriter } from '../../base/byte-writer.ts'
import { MicrologError } from '../../base/errors.ts'

const magic = 0xfd2f_b528
/** One segment, its size in four bytes. */
const descriptor = 0b1010_0000
const largestBlock = 128 * 1024

export function encodeZstd(content: Uint8Array): Uint8Array {
  if (content.length >= 2 ** 32)
    throw new MicrologError(
      'too-large',
      `Expected less than 4 GiB for a zstd frame, found ${content.length} bytes`
    )
  const bytes = new ByteWriter(content.length + 64)
  bytes.u32(magic)
  bytes.u8(descriptor)
  bytes.u32(content.length)
  let from = 0
  do {
    const block = content.subarray(from, from + largestBlock)
    from += block.length
    const head = (block.length << 3) | (from === content.length ? 1 : 0)
    for (let shift = 0; shift < 24; shift += 8) bytes.u8((head >> shift) & 0xff)
    bytes.raw(block)
  } while (from < content.length)
  return bytes.finish()
}
