import { describe, expect, test } from 'vitest'
import { Utf8Strings } from '../../../src/convert/otlp/utf8-strings.ts'
import { StringBuilder } from '../../../src/recording/string-builder.ts'
import { Random } from '../../helpers/random.ts'

const encoder = new TextEncoder()

function internAll(byBytes: Utf8Strings, texts: readonly string[]): number[] {
  const encoded = texts.map(text => encoder.encode(text))
  const bytes = Uint8Array.from(encoded.flatMap(text => [...text]))
  let at = 0
  return encoded.map(({ length }) => byBytes.intern(bytes, at, (at += length)))
}

/** Texts that all have one hash: the second word undoes what the first one did. */
function colliding(count: number): Uint8Array {
  const words = new Uint32Array(count * 2)
  for (let i = 0; i < count; i++) {
    const first = Math.imul(8 ^ (i + 1), 0x9e3779b1)
    words[i * 2] = i + 1
    words[i * 2 + 1] = first ^ (first >>> 15) ^ 0x12345678
  }
  return new Uint8Array(words.buffer)
}

describe('strings found by their bytes', () => {
  test('have the rows that the same texts have, in order, repeated and mixed', () => {
    const random = new Random(3)
    const pool = Array.from({ length: 2000 }, (_, at) =>
      `${random.pick(['', 'é✓𝒳', 'key.'])}${at % 700}`.repeat(1 + (at % 9))
    )
    const strings = new StringBuilder()
    const byBytes = new Utf8Strings(strings)
    for (let round = 0; round < 3; round++) {
      const texts = Array.from({ length: 5000 }, (_, at) =>
        random.chance(0.5) ? pool[at % 10]! : random.pick(pool)
      )
      const rows = internAll(byBytes, texts)
      expect(rows.map(row => strings.at(row))).toEqual(texts)
      expect(rows).toEqual(texts.map(text => strings.intern(text)))
    }
  })

  test('have the row of a text that somebody else has added, and one for all bytes that stand for the same text', () => {
    const strings = new StringBuilder()
    const byBytes = new Utf8Strings(strings)
    const [, b] = [internAll(byBytes, ['a', 'b']), strings.intern('b')]
    const added = strings.intern('added by another')
    const bytes = Uint8Array.of(...encoder.encode('bcadded by another'), 0xff, 0xfe)
    const rows = [0, 1, 2, 18, 19].map(from => byBytes.intern(bytes, from, from === 2 ? 18 : from + 1))
    expect(rows).toEqual([b, added + 1, added, added + 2, added + 2])
  })

  test('are found, each, where a sender made them all fall into one place', () => {
    const count = 20_000
    const bytes = colliding(count)
    const strings = new StringBuilder()
    const byBytes = new Utf8Strings(strings)
    const decoder = new TextDecoder()
    for (let i = 0; i < count; i++) {
      const row = byBytes.intern(bytes, i * 8, i * 8 + 8)
      expect(strings.at(row)).toBe(decoder.decode(bytes.subarray(i * 8, i * 8 + 8)))
    }
  })
})
