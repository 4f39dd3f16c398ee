import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Codec } from '../../src/format/index.ts'

export const nodeCodec: Codec = {
  deflate: bytes => deflateRawSync(bytes),
  inflate: (bytes, size) => inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) })
}
