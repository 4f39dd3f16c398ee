import { describe, expect, test } from 'vitest'
import { ByteReader } from '../../src/base/byte-reader.ts'
import { ByteWriter } from '../../src/base/byte-writer.ts'
import { decodeNumbers } from '../../src/format/decode/numbers.ts'
import { decodeStrings } from '../../src/format/decode/strings.ts'
import { encodeNumbers } from '../../src/format/encode/numbers.ts'
import { encodeStrings } from '../../src/format/encode/strings.ts'
import { numberEncoding } from '../../src/format/layout.ts'
import type { Numbers } from '../../src/format/numbers.ts'
import { seededRandom } from '../helpers/recordings.ts'

describe('a column of numbers', () => {
  const random = seededRandom(4)
  const noise = Array.from({ length: 3000 }, () => Math.floor(2 ** (18 + random() * random() * 30)))
  const columns: [string, number, Numbers][] = [
    ['one value', numberEncoding.constant, new Int32Array(1000).fill(-7)],
    ['small numbers', numberEncoding.varints, Uint8Array.from({ length: 500 }, () => random() * 100)],
    ['a counter', numberEncoding.deltas, Float64Array.from({ length: 500 }, (_, i) => 1e12 + i)],
    ['noise', numberEncoding.magnitudes, Float64Array.from(noise)],
    [
      'values between bounds',
      numberEncoding.planes,
      Uint32Array.from({ length: 5000 }, () => 1e9 + random() * 65536)
    ],
    ['whole microseconds', numberEncoding.stepped, Float64Array.from(noise, value => (value % 1e9) * 1000)],
    [
      'amounts in cents',
      numberEncoding.scaled,
      Float64Array.from(noise, value => Math.floor(value / 2 ** 10) / 100)
    ],
    ['doubles', numberEncoding.doubles, Float64Array.from({ length: 100 }, () => random())],
    ['values not set', numberEncoding.sparse, Float64Array.from(noise, (value, i) => (i % 3 ? value : NaN))],
    ['few far values', numberEncoding.dictionary, Float64Array.from(noise, value => noise[value % 9]! * 7919)]
  ]

  test.each(columns)('%s is written in its own way, and comes back', (_, encoding, values) => {
    const bytes = encodeColumn(values)
    expect(bytes[0]).toBe(encoding)
    expect(decodeColumn(bytes, values)).toEqual(values)
  })

  test('minus zero, infinities, not-a-number and numbers beyond the exact come back', () => {
    for (const oddities of [
      [-0, 0, 1],
      [NaN, NaN],
      [Infinity, -Infinity, NaN, 0.1, -0],
      [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2 ** 63],
      [2 ** 50, -(2 ** 50), 0]
    ]) {
      const values = Float64Array.from(oddities)
      const decoded = decodeColumn(encodeColumn(values), values)
      expect(Array.from(decoded, value => (Object.is(value, -0) ? '-0' : value))).toEqual(
        oddities.map(value => (Object.is(value, -0) ? '-0' : value))
      )
    }
  })

  test('every magnitude comes back from between others', () => {
    const values = Float64Array.from(
      { length: 4000 },
      (_, i) => (i % 2 ? -1 : 1) * Math.floor(random() * 2 ** (i % 51))
    )
    expect(decodeColumn(encodeColumn(values), values)).toEqual(values)
  })

  test('long columns, of which only a sample is judged, come back', () => {
    const values = Float64Array.from({ length: 30_000 }, (_, i) => i * 1e6 + Math.floor(random() * 5000))
    expect(decodeColumn(encodeColumn(values), values)).toEqual(values)
  })
})

describe('a column of numbers that costs far more than its bytes', () => {
  /** The numbers of encodings are u8, the others are varints or zigzags. */
  const refusalOf = (rows: number, write: (writer: ByteWriter) => void): (() => void) => {
    const writer = new ByteWriter()
    write(writer)
    return () => decodeNumbers(new ByteReader(writer.finish()), new Float64Array(rows))
  }
  const constant = (writer: ByteWriter, value: number): void => {
    writer.u8(numberEncoding.constant)
    writer.zigzag(value)
  }

  test('is refused for runs that go back, so that rows are filled again and again', () => {
    const refusal = refusalOf(200_000, writer => {
      writer.u8(numberEncoding.runs)
      writer.varint(100_000)
      constant(writer, 1)
      // All rows, and back again.
      writer.u8(numberEncoding.dictionary)
      writer.varint(2)
      writer.u8(numberEncoding.zigzags)
      writer.zigzag(200_000)
      writer.zigzag(-200_000)
      for (let run = 0; run < 100_000; run++) writer.varint(1 + (run % 2))
    })
    expect(refusal).toThrow('Expected runs of 200000 rows, found one of -200000')
  })

  test('is refused for as many runs within runs as there are rows: each level takes twice the time', () => {
    const refusal = refusalOf(1000, writer => {
      const nest = (depth: number): void => {
        if (depth === 16) return constant(writer, 1)
        writer.u8(numberEncoding.runs)
        writer.varint(1000)
        nest(depth + 1)
        nest(depth + 1)
      }
      nest(0)
    })
    expect(refusal).toThrow('Expected at most 500 runs, found 1000')
  })

  test('is refused for a dictionary of many values and no rows', () => {
    const refusal = refusalOf(10_000_000, writer => {
      for (let depth = 0; depth < 16; depth++) {
        writer.u8(numberEncoding.dictionary)
        writer.varint(10_000_000)
      }
    })
    expect(refusal).toThrow('Expected 10000000 more bytes, one a row')
  })
})

describe('a column of texts', () => {
  test.each([
    ['counters', Array.from({ length: 2000 }, (_, i) => `k3f9-${(i + 30).toString(36)}`), 60],
    ['paths', Array.from({ length: 500 }, (_, i) => `/orders/${1000 + i}/items`), 60],
    ['padded numbers', Array.from({ length: 500 }, (_, i) => `frame-${String(i).padStart(6, '0')}.png`), 600],
    ['zeros', ['a-0', 'a-00', 'a-000', 'a-1', 'a-01', 'a-10', '0', '00', '1.50', '1.5', '1.05', '1.0'], 200],
    [
      'hex',
      Array.from({ length: 64 }, (_, i) => `id ${(i * 0x9e3779b1).toString(16).padStart(16, '0')}`),
      1000
    ],
    ['marks', ['\u0000', '\u0000D', 'a\u00001', 'a\u00002', 'a\u00003', 'a\u00004', 'a1\u0000B'], 200],
    ['letters beyond ASCII', ['naïve 1', 'naïve 2', '🦉 3', '日本 4', 'İ', 'user1é', '٣'], 200],
    ['capitals', ['REQ-A1', 'req-a1', 'Req1', 'ABC12', 'ABC13', 'ABC14', 'ABC15', '1E5', '1e5'], 200],
    [
      'long digits',
      ['9'.repeat(15), '9'.repeat(16), '9'.repeat(40), `${'f'.repeat(31)}1`, `${'f'.repeat(32)}1`],
      200
    ]
  ])('%s come back', (_, texts, most) => {
    const writer = new ByteWriter()
    encodeStrings(writer, texts)
    expect(decodeStrings(new ByteReader(writer.finish()), texts.length)).toEqual(texts)
    expect(writer.length).toBeLessThan(most)
  })
})

function encodeColumn(values: Numbers): Uint8Array {
  const writer = new ByteWriter()
  encodeNumbers(writer, values)
  return writer.finish()
}

function decodeColumn(bytes: Uint8Array, like: Numbers): Numbers {
  const reader = new ByteReader(bytes)
  const out = new (like.constructor as new (length: number) => Numbers)(like.length)
  decodeNumbers(reader, out)
  expect(reader.remaining).toBe(0)
  return out
}
