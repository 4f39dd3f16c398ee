import { ByteWriter } from '../../base/byte-writer.ts'
import { NumberIndex } from './number-index.ts'

interface Dictionary {
  /** Each once, in order of first use. */
  readonly values: Float64Array
  /** A varint a row: 0 the next value not used yet, k the value k - 1. */
  readonly indexes: Uint8Array
}

const index = new NumberIndex()
const written = new ByteWriter(16 * 1024)

/** @param values any but NaN and -0 */
export function buildDictionary(values: Float64Array): Dictionary {
  index.fill(values)
  return fromIndex(values.length)
}

/** Undefined where most numbers are there only once, already as far as the first rows tell, or in the end. */
export function tryDictionary(values: Float64Array): Dictionary | undefined {
  if (!index.fill(values, probedRows, probedRows * mostDistinct)) return undefined
  return index.length <= values.length * mostDistinct ? fromIndex(values.length) : undefined
}

const probedRows = 512
const mostDistinct = 0.92

function fromIndex(length: number): Dictionary {
  const { rows } = index
  written.clear()
  let known = 0
  for (let i = 0; i < length; i++) {
    const row = rows[i]!
    if (row === known) {
      written.u8(0)
      known++
    } else written.varint(row + 1)
  }
  return { values: index.values, indexes: written.finish() }
}
