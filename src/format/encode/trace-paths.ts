// The paths of traces whose name is an HTTP method alone, by the rows of the footer.
import type { ByteWriter } from '../../base/byte-writer.ts'
import { encodeNumbers } from './numbers.ts'

/** The directory has the number of texts. @param paths by trace, of one line each, '' for none */
export function encodeTracePaths(writer: ByteWriter, paths: readonly string[]): void {
  const rows = new Map([['', 0]])
  const rowOf = (path: string): number => {
    const row = rows.get(path) ?? rows.size
    rows.set(path, row)
    return row
  }
  const row = Int32Array.from(paths, rowOf)
  const [, ...texts] = rows.keys()
  writer.text(texts.join('\n'))
  encodeNumbers(writer, row)
}
