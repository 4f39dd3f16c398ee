import { describe, expect, test } from 'vitest'
import { JsonCursor } from '../../src/otlp/json-cursor.ts'
import { Random } from '../helpers/random.ts'

const utf8 = new TextEncoder()
const parts = [
  ...['{', '}', '[', ']', ',', ':', '"', '\\', '"a"', '"b":', '"é€"', '"\\u00e9\\n"', '"\\q"', '"\\ud800"'],
  ...['"\u0001"', '0', '-', '-0', '1', '007', '1.5', '.5', '1.', '2e3', '2e', '1E+2', '12345'],
  ...['true', 'false', 'null', 'tru', 'nulls', ' ', '\n', '\t', '\v', '\u00a0', '{}', '[]', '""', '[1,2]']
]
const documents = [
  '{"a":[1,-2.5e3,"x"],"b":{"c":null,"d":[true,false,{}]}}',
  '[]',
  ' [ 1 , [ ] ] ',
  '"\\u0041"',
  '12'
]

function read(text: string): unknown {
  const json = new JsonCursor(utf8.encode(text), 50)
  const value = json.value()
  json.end()
  return value
}

function outcomeOf(parse: (text: string) => unknown, text: string): unknown {
  try {
    return { value: parse(text) }
  } catch {
    return 'refused'
  }
}

describe('a cursor over JSON', () => {
  test('takes and refuses what JSON.parse does, and reads the same', () => {
    const random = new Random(11)
    let taken = 0
    for (let i = 0; i < 20_000; i++) {
      let text = i < documents.length ? documents[i]! : random.pick(documents)
      for (let changes = i < documents.length ? 0 : 1 + (i % 3); changes > 0; changes--) {
        const at = random.below(text.length + 1)
        text = text.slice(0, at) + random.pick(parts) + text.slice(at + random.below(3))
      }
      const expected = outcomeOf(JSON.parse, text)
      if (expected !== 'refused') taken++
      expect(outcomeOf(read, text), text).toEqual(expected)
    }
    expect(taken).toBeGreaterThan(1000)
  })

  test('leaves integers that a number would round as they are written', () => {
    expect(read('9007199254740993')).toBe('9007199254740993')
    expect(read('-9007199254740993')).toBe('-9007199254740993')
    expect(read('900719925474099.3')).toBe(900719925474099.3)
  })

  test.each([
    ['0', 0n],
    ['"0"', 0n],
    ['4294967296', 2n ** 32n],
    ['"1795857882042827001"', 1795857882042827001n],
    [' 9999999999999999999 ', 9999999999999999999n]
  ])('reads the digits of %s into 64 bits', (text, expected) => {
    const json = new JsonCursor(utf8.encode(text), 1)
    expect(json.digits(19)).toBe(true)
    expect((BigInt(json.bits.high) << 32n) | BigInt(json.bits.low)).toBe(expected)
    json.end()
  })

  test.each(['-1', '1.5', '1e3', '007', '"1', '"1a"', '12345678901234567890', '""', 'true', ''])(
    'passes nothing where %j is no plain integer',
    text => {
      const json = new JsonCursor(utf8.encode(text), 1)
      expect(json.digits(19)).toBe(false)
      expect(json.position).toBe(0)
    }
  )

  test('looks at a number to its end, however long it is', () => {
    expect(() => read(`${'1'.repeat(5000)}x`)).toThrow(/Expected JSON/)
    expect(read(`${'1'.repeat(5000)}.5`)).toBe(Infinity)
  })

  test('refuses what nests too deep, with its place', () => {
    const json = new JsonCursor(utf8.encode('[[[1]]]'), 2)
    expect(() => json.skip()).toThrow('Expected JSON of at most 2 levels (at byte 2)')
  })
})
