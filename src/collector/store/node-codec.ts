import { deflateRaw, deflateRawSync, inflateRawSync } from 'node:zlib'
import { promisify } from 'node:util'
import type { Codec } from '../../format/codec.ts'

const deflate = promisify(deflateRaw)
/** A block of columns changes what it is made of every few thousand bytes, and zlib's code with it: 2 to 4 % less than by the usual 8. */
const memLevel = 5
/** 9 takes up to four times as long for half a percent. */
const level = 6

/** Raw deflate by node:zlib: deflating off the main thread, inflating on it, where blocks are small. */
export const nodeCodec: Codec = {
  deflate: bytes => deflate(bytes, { level, memLevel }),
  inflate: (bytes, size) => inflateRawSync(bytes, { maxOutputLength: Math.max(1, size) })
}

/** The same without leaving the thread: a quarter less CPU for a segment, in threads that would wait for each block. */
export const syncCodec: Codec = { ...nodeCodec, deflate: bytes => deflateRawSync(bytes, { level, memLevel }) }

/** For what doesn't stay: a segment that compaction writes anew, a part cut out for a page. A third less CPU, 0.7 % more bytes. */
export const quickCodec: Codec = {
  ...nodeCodec,
  deflate: bytes => deflateRawSync(bytes, { level: 4, memLevel: 6 })
}
