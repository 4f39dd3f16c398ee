// Mirrors encode/stacks.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import type { MutableTable } from '../arrange/mutable-tables.ts'
import { decodeNumbers } from './numbers.ts'

export function decodeStacks(reader: ByteReader, table: MutableTable): void {
  const ups = new Uint32Array(table.length)
  decodeNumbers(reader, ups)
  const parent = table.parent as Int32Array
  if (ups.length > 0) parent[0] = -1
  for (let row = 1; row < ups.length; row++) {
    let above = row - 1
    for (let up = ups[row]!; up > 0; up--) {
      if (above < 0)
        throw new MicrologError('corrupt', 'Expected a tree of stacks', { offset: reader.position })
      above = parent[above]!
    }
    parent[row] = above
  }
  decodeNumbers(reader, table.frame as Int32Array)
}
