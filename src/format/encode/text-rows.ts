import type { ByteWriter } from '../../base/byte-writer.ts'

/** Writes the texts that these columns hold, each once and in the order of first use; gives each column as rows of them. */
export function encodeTextRows(writer: ByteWriter, columns: readonly (readonly string[])[]): Int32Array[] {
  const texts = new Map<string, number>()
  const rowOf = (text: string): number => {
    const row = texts.get(text) ?? texts.size
    texts.set(text, row)
    return row
  }
  const rows = columns.map(column => Int32Array.from(column, rowOf))
  writer.varint(texts.size)
  for (const text of texts.keys()) writer.text(text)
  return rows
}
