// Mirrors encode/trace-paths.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import { decodeNumbers } from './numbers.ts'

export interface TracePathColumn {
  /** Each once. */
  readonly texts: readonly string[]
  /** By row of the footer's traces: a row of `texts`, -1 for none. */
  readonly row: Int32Array
}

export function decodeTracePaths(reader: ByteReader, count: number, traces: number): TracePathColumn {
  const texts = reader.text().split('\n')
  const cells = new Float64Array(traces)
  decodeNumbers(reader, cells)
  const isRow = (cell: number): boolean => Number.isInteger(cell) && cell >= 0 && cell <= count
  if (texts.length === count && cells.every(isRow))
    return { texts, row: Int32Array.from(cells, cell => cell - 1) }
  throw new MicrologError('corrupt', `Expected ${count} paths and rows of them`)
}
