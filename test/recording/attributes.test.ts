import { describe, expect, test } from 'vitest'
import { defaultLimits } from '../../src/otlp/sink.ts'
import { anyValueText } from '../../src/recording/any-value-text.ts'
import { attributeNumber, attributeText, bodyText, readAttributes } from '../../src/recording/attributes.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { attributeType } from '../../src/recording/schema.ts'

const builder = new RecordingBuilder(0n)
const text = (value: string): number => builder.strings.intern(value)
// An array of 'a' and -1; a list { k: 1.5 }: fields and wire types of opentelemetry/proto/common/v1.
const array = Uint8Array.of(42, 18, 10, 3, 10, 1, 97, 10, 11, 24, ...Array<number>(9).fill(255), 1)
const list = Uint8Array.of(50, 16, 10, 14, 10, 1, 107, 18, 9, 33, 0, 0, 0, 0, 0, 0, 248, 63)
builder.sets.add(text('string'), attributeType.string, text('some text'))
builder.sets.add(text('yes'), attributeType.bool, 1)
builder.sets.add(text('int'), attributeType.int, 42)
builder.sets.add(text('double'), attributeType.double, 0.25)
builder.sets.add(text('big'), attributeType.bigint, text('9223372036854775807'))
builder.sets.add(text('bytes'), attributeType.bytes, builder.addBlob(Uint8Array.of(1, 2, 3)))
builder.sets.add(text('list'), attributeType.nested, builder.addBlob(list))
builder.sets.add(text('nothing'), attributeType.empty, 0)
const set = builder.sets.close()
builder.sets.add(0, attributeType.string, text('a body'))
const body = builder.sets.close()
const recording = builder.snapshot()

describe('attributes', () => {
  test('all read as text, in their order', () => {
    expect(readAttributes(recording, set).map(({ key, text }) => `${key}=${text}`)).toEqual([
      'string=some text',
      'yes=true',
      'int=42',
      'double=0.25',
      'big=9223372036854775807',
      'bytes=<3 bytes>',
      'list={"k":1.5}',
      'nothing='
    ])
  })

  test('one is found by its key, as text or as a number', () => {
    expect(attributeText(recording, set, 'int')).toBe('42')
    expect(attributeText(recording, set, 'missing')).toBeUndefined()
    expect(attributeNumber(recording, set, 'double')).toBe(0.25)
    expect(attributeNumber(recording, set, 'string')).toBeUndefined()
  })

  test('the empty set has none, and a body is the text of its only one', () => {
    expect(readAttributes(recording, 0)).toEqual([])
    expect(bodyText(recording, body)).toBe('a body')
    expect(bodyText(recording, 0)).toBe('')
  })
})

describe('nested values', () => {
  test('arrays read as JSON', () => {
    expect(anyValueText(array)).toBe('["a",-1]')
  })

  test('numbers that JSON has no word for read as OTLP writes them', () => {
    const double = (value: number) => [10, 9, 33, ...new Uint8Array(Float64Array.of(value).buffer)]
    const values = [NaN, -Infinity, 0.5].flatMap(double)
    expect(anyValueText(Uint8Array.of(42, values.length, ...values))).toBe('["NaN","-Infinity",0.5]')
  })

  test('bytes that are no value say so, at every length', () => {
    for (let length = 1; length < list.length; length++) {
      expect(anyValueText(list.slice(0, length))).toContain('unreadable')
    }
  })

  test('values read as deep as the collector takes them; those nested beyond all reason are refused', () => {
    const wrap = (tag: number, bytes: Uint8Array): Uint8Array =>
      Uint8Array.of(tag, (bytes.length & 127) | 128, bytes.length >> 7, ...bytes)
    const nested = (levels: number): Uint8Array =>
      levels === 0 ? Uint8Array.of(16, 1) : wrap(42, wrap(10, nested(levels - 1)))
    const { depth } = defaultLimits
    expect(anyValueText(nested(depth))).toBe(`${'['.repeat(depth)}true${']'.repeat(depth)}`)
    expect(anyValueText(nested(depth + 1))).toContain('unreadable')
  })
})
