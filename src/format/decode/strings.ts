// Mirrors encode/strings.ts.
import type { ByteReader } from '../../base/byte-reader.ts'
import { MicrologError } from '../../base/errors.ts'
import { limits } from '../layout.ts'
import { decodeNumbers } from './numbers.ts'
import { joinText, parseTemplate } from './text-template.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** @param wanted 1 for those that are put together; the others are '' */
export function decodeStrings(reader: ByteReader, count: number, wanted?: Uint8Array): string[] {
  const templateCount = reader.varint()
  if (templateCount > count)
    throw corrupt(reader, `Expected at most ${count} templates, found ${templateCount}`)
  const texts = decodeTexts(reader, templateCount)
  const templateOf = new Uint32Array(count)
  decodeNumbers(reader, templateOf)
  const uses = new Uint32Array(templateCount)
  let characters = 0
  for (const row of templateOf) {
    if (row >= templateCount)
      throw corrupt(reader, `Expected one of ${templateCount} templates, found ${row}`)
    uses[row]!++
    characters += texts[row]!.length
  }
  if (characters > limits.characters)
    throw corrupt(reader, `Expected at most ${limits.characters} characters`)
  const templates = texts.map(parseTemplate)
  const values = templates.map(({ slots }, row) =>
    slots.map(() => {
      const column = new Float64Array(uses[row]!)
      decodeNumbers(reader, column)
      return column
    })
  )
  const next = new Uint32Array(templateCount)
  return Array.from(templateOf, (row, i) => {
    const use = next[row]!++
    return wanted?.[i] === 0 ? '' : joinText(templates[row]!, values[row]!, use)
  })
}

/** As long as each byte is a character, cutting the whole is many times faster than decoding each. */
function decodeTexts(reader: ByteReader, count: number): string[] {
  const ends = decodeEnds(reader, count)
  const bytes = reader.raw(count === 0 ? 0 : ends[count - 1]!)
  const whole = utf8.decode(bytes)
  const plain = whole.length === bytes.length
  return Array.from(ends, (to, i) => {
    const from = i === 0 ? 0 : ends[i - 1]!
    return plain ? whole.slice(from, to) : utf8.decode(bytes.subarray(from, to))
  })
}

export function decodeBlobs(reader: ByteReader, count: number): Uint8Array[] {
  const ends = decodeEnds(reader, count)
  return Array.from(ends, (end, i) => reader.raw(end - (i === 0 ? 0 : ends[i - 1]!)).slice())
}

function decodeEnds(reader: ByteReader, count: number): Float64Array {
  const ends = new Float64Array(count)
  decodeNumbers(reader, ends)
  for (let i = 0; i < count; i++) {
    if (!(ends[i]! >= 0 && ends[i]! <= reader.remaining))
      throw corrupt(reader, 'Expected the length of a text')
    if (i > 0) ends[i]! += ends[i - 1]!
  }
  return ends
}

function corrupt(reader: ByteReader, message: string): MicrologError {
  return new MicrologError('corrupt', message, { offset: reader.position })
}
