import { describe, expect, it } from 'vitest'
import { ByteReader } from '../../src/base/byte-reader.ts'
import { ByteWriter } from '../../src/base/byte-writer.ts'
import { crc32c } from '../../src/base/crc32c.ts'
import { MicrologError } from '../../src/base/errors.ts'
import { formatBytes, formatDuration } from '../../src/base/units.ts'

const integers = [
  0,
  1,
  127,
  128,
  16383,
  16384,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32,
  2 ** 40 + 5,
  Number.MAX_SAFE_INTEGER
]

describe('ByteWriter and ByteReader', () => {
  it('give back every number they were given', () => {
    const writer = new ByteWriter(1)
    for (const value of integers) writer.varint(value)
    const signed = integers
      .filter(value => value < 2 ** 52)
      .flatMap(value => [value, value === 0 ? 0 : -value])
    for (const value of signed) writer.zigzag(value)
    writer.f64(-0)
    writer.text('naïve – 日本語')
    const reader = new ByteReader(writer.finish())
    expect(integers.map(() => reader.varint())).toEqual(integers)
    expect(signed.map(() => reader.zigzag())).toEqual(signed)
    expect(Object.is(reader.f64(), -0)).toBe(true)
    expect(reader.text()).toBe('naïve – 日本語')
    expect(reader.remaining).toBe(0)
  })

  it('say where bytes are missing, at every place they can be cut', () => {
    const writer = new ByteWriter()
    writer.varint(300)
    writer.text('abc')
    writer.f64(1.5)
    writer.u32(9)
    const whole = writer.finish()
    for (let end = 0; end < whole.length; end++) {
      const reader = new ByteReader(whole, 0, end)
      expect(() => [reader.varint(), reader.text(), reader.f64(), reader.u32()], `cut at ${end}`).toThrow(
        MicrologError
      )
    }
  })

  it('refuse integers beyond 2^53 and counts beyond what is there', () => {
    expect(() => new ByteReader(new Uint8Array(10).fill(0xff)).varint()).toThrow(/below 2\^53/)
    const writer = new ByteWriter()
    writer.varint(1_000_000)
    expect(() => new ByteReader(writer.finish()).count()).toThrow(/at most 0 items/)
  })
})

describe('crc32c', () => {
  it("matches the standard's check value", () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
  })

  it('is that of its bits one by one, at every length and going on from any other', () => {
    const bitwise = (bytes: Uint8Array, seed: number): number => {
      let crc = ~seed
      for (const byte of bytes) {
        crc ^= byte
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
      }
      return ~crc >>> 0
    }
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => (i * 151 + (i >> 3)) & 0xff)
    for (let from = 0; from < 9; from++) {
      for (let to = from; to <= bytes.length; to++) {
        const part = bytes.subarray(from, to)
        expect(crc32c(part)).toBe(bitwise(part, 0))
        expect(crc32c(part, 0xdeadbeef)).toBe(bitwise(part, 0xdeadbeef))
      }
    }
  })
})

describe('units', () => {
  it('are written as people read them', () => {
    expect([850, 12_300, 4.21e6, 1.5e9, 125e9, 11_520e9, 863_940e9].map(formatDuration)).toEqual([
      '850 ns',
      '12.3 µs',
      '4.21 ms',
      '1.50 s',
      '2 min 05 s',
      '3 h 12 min',
      '9 d 23 h'
    ])
    expect([312, 4_200, 17e6].map(formatBytes)).toEqual(['312 B', '4.20 kB', '17.0 MB'])
  })
})
