import type { ByteWriter } from '../../base/byte-writer.ts'
import { encodeNumbers } from './numbers.ts'
import { escapeText, splitLastWord, splitText } from './text-template.ts'
import type { TemplatedText } from './text-template.ts'

const utf8 = new TextEncoder()

/** A template that fewer texts share costs more than it saves. */
const fewestUses = 4

interface Template {
  /** Among those seen so far. */
  readonly row: number
  /** For each of its slots the numbers of the strings that share it. */
  readonly columns: readonly number[][]
}

/** varint templates · the templates as blobs · the template of each string · for each slot of each a column of its numbers. */
export function encodeStrings(writer: ByteWriter, strings: readonly string[]): void {
  const texts = splitTexts(strings)
  const templates = new Map<string, Template>()
  const templateOf = new Uint32Array(texts.length)
  for (let i = 0; i < texts.length; i++) {
    const { template, values } = texts[i]!
    let known = templates.get(template)
    if (!known) {
      known = { row: templates.size, columns: Array.from(values, () => []) }
      templates.set(template, known)
    }
    for (let slot = 0; slot < values.length; slot++) known.columns[slot]!.push(values[slot]!)
    templateOf[i] = known.row
  }
  writer.varint(templates.size)
  const encoded: Uint8Array[] = []
  for (const template of templates.keys()) encoded.push(utf8.encode(template))
  encodeBlobs(writer, encoded)
  encodeNumbers(writer, templateOf)
  for (const { columns } of templates.values()) {
    for (const values of columns) encodeNumbers(writer, Float64Array.from(values))
  }
}

function splitTexts(strings: readonly string[]): TemplatedText[] {
  const split = strings.map(splitText)
  const uses = new Map<string, number>()
  for (const { template } of split) uses.set(template, (uses.get(template) ?? 0) + 1)
  for (let i = 0; i < split.length; i++) split[i] = bestSplit(strings[i]!, split[i]!, uses)
  return split
}

function bestSplit(text: string, split: TemplatedText, uses: ReadonlyMap<string, number>): TemplatedText {
  const counter = splitLastWord(text)
  const splitUses = uses.get(split.template)!
  const counterUses = counter ? (uses.get(counter.template) ?? 0) : 0
  const best = counter && counterUses > splitUses ? counter : split
  const worthIt = best.values.length > 0 && Math.max(splitUses, counterUses) >= fewestUses
  return worthIt ? best : { template: escapeText(text), values: [] }
}

/** Lengths in bytes, then the bytes of all. */
export function encodeBlobs(writer: ByteWriter, blobs: readonly Uint8Array[]): void {
  const lengths = new Uint32Array(blobs.length)
  for (let row = 0; row < lengths.length; row++) lengths[row] = blobs[row]!.length
  encodeNumbers(writer, lengths)
  for (const bytes of blobs) writer.raw(bytes)
}
