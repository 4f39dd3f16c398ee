import type { ByteWriter } from '../../base/byte-writer.ts'
import { rowsOfTexts } from '../../recording/text-row.ts'

/** Writes the texts that these columns hold, each once and in the order of first use; gives each column as rows of them. */
export function encodeTextRows(writer: ByteWriter, columns: readonly (readonly string[])[]): Int32Array[] {
  const texts = new Map<string, number>()
  const rows = columns.map(column => rowsOfTexts(texts, column))
  encodeTexts(writer, [...texts.keys()])
  return rows
}

export function encodeTexts(writer: ByteWriter, texts: readonly string[]): void {
  writer.varint(texts.length)
  for (const text of texts) writer.text(text)
}
