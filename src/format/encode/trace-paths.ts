// The paths of traces whose name is an HTTP method alone, by the rows of the footer.
import type { ByteWriter } from '../../base/byte-writer.ts'
import { encodeNumbers } from './numbers.ts'

/**
 * The directory has the number of texts.
 * @param texts each once, of one line
 * @param row by trace: 1 + row of its text, 0 for none
 */
export function encodeTracePaths(writer: ByteWriter, texts: readonly string[], row: Int32Array): void {
  writer.text(texts.join('\n'))
  encodeNumbers(writer, row)
}
