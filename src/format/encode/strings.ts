import type { ByteWriter } from '../../base/byte-writer.ts'
import { encodeNumbers } from './numbers.ts'
import { escapeText, splitLastWord, splitText } from './text-template.ts'
import type { TemplatedText } from './text-template.ts'

const utf8 = new TextEncoder()

/** A template that fewer texts share costs more than it saves. */
const fewestUses = 4

/** varint templates · the templates as blobs · the template of each string · for each slot of each a column of its numbers. */
export function encodeStrings(writer: ByteWriter, strings: readonly string[]): void {
  const texts = splitTexts(strings)
  const templates = new Map<string, number[][]>()
  const rows = new Map<string, number>()
  const templateOf = Uint32Array.from(texts, ({ template, values }) => {
    let columns = templates.get(template)
    if (!columns) {
      rows.set(template, templates.size)
      columns = values.map(() => [])
      templates.set(template, columns)
    }
    values.forEach((value, slot) => columns[slot]!.push(value))
    return rows.get(template)!
  })
  writer.varint(templates.size)
  encodeBlobs(
    writer,
    Array.from(templates.keys(), template => utf8.encode(template))
  )
  encodeNumbers(writer, templateOf)
  for (const columns of templates.values()) {
    for (const values of columns) encodeNumbers(writer, Float64Array.from(values))
  }
}

function splitTexts(strings: readonly string[]): TemplatedText[] {
  const split = strings.map(splitText)
  const uses = new Map<string, number>()
  for (const { template } of split) uses.set(template, (uses.get(template) ?? 0) + 1)
  const usesOf = (text: TemplatedText): number => uses.get(text.template) ?? 0
  return split.map((text, i) => {
    const counter = splitLastWord(strings[i]!)
    const best = counter && usesOf(counter) > usesOf(text) ? counter : text
    const worthIt = best.values.length > 0 && usesOf(best) >= fewestUses
    return worthIt ? best : { template: escapeText(strings[i]!), values: [] }
  })
}

/** Lengths in bytes, then the bytes of all. */
export function encodeBlobs(writer: ByteWriter, blobs: readonly Uint8Array[]): void {
  encodeNumbers(
    writer,
    Uint32Array.from(blobs, bytes => bytes.length)
  )
  for (const bytes of blobs) writer.raw(bytes)
}
