import { deflateRawSync, inflateRawSync } from 'node:zlib'

export const zlibCodec = {
  deflate: bytes => deflateRawSync(bytes),
  inflate: (bytes, size) => inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) })
}
