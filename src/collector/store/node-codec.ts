import { deflateRaw, inflateRawSync, constants } from 'node:zlib'
import { promisify } from 'node:util'
import type { Codec } from '../../format/codec.ts'

const deflate = promisify(deflateRaw)
/** 9 costs twice the time of 6 for a percent of size; a segment is written once and kept for long. */
const level = 9

/** Raw deflate by node:zlib: deflating off the main thread, inflating on it, where blocks are small. */
export const nodeCodec: Codec = {
  deflate: bytes => deflate(bytes, { level, memLevel: constants.Z_MAX_MEMLEVEL }),
  inflate: (bytes, size) => inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) })
}
