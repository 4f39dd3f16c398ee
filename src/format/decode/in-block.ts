import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import type { BlockEntry } from '../footer.ts'
import { blockName } from './block-name.ts'

/** Runs a decoder over one block, so that an error says which. */
export function inBlock<T>(entry: BlockEntry, reader: ByteReader, decode: (reader: ByteReader) => T): T {
  try {
    const result = decode(reader)
    if (reader.remaining === 0) return result
    throw new MicrologError('corrupt', `Expected its end, found ${reader.remaining} more bytes`)
  } catch (error) {
    if (!(error instanceof MicrologError)) throw error
    throw new MicrologError(error.code, `Block '${blockName(entry)}': ${error.message}`, {
      cause: error,
      offset: entry.offset
    })
  }
}
