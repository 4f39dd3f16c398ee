import { expect, test } from 'vitest'
import { PickleObject, decodePickle } from '../../../src/convert/microlog-python/decode-pickle.ts'
import type { PickleValue } from '../../../src/convert/microlog-python/decode-pickle.ts'

const classes = { module: 'models', names: ['Call'] }
const protocol = [0x80, 4]
const stop = 0x2e

/** Opcodes and their arguments; texts stand for themselves, as SHORT_BINUNICODE. */
function pickle(...parts: (number | string | number[])[]): Uint8Array {
  const bytes = parts.flatMap(part => {
    if (typeof part !== 'string') return part
    const text = Buffer.from(part)
    return [0x8c, text.length, ...text]
  })
  return Uint8Array.from([...protocol, ...bytes, stop])
}

const decode = (...parts: Parameters<typeof pickle>): PickleValue => decodePickle(pickle(...parts), classes)
const newCall = ['models', 'Call', 0x93, 0x29, 0x81]

test('numbers, texts, lists, dicts and objects of known classes are read', () => {
  expect(decode([0x47, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0])).toBe(1.5)
  expect(decode([0x4a, 0xfe, 0xff, 0xff, 0xff])).toBe(-2)
  expect(decode([0x4b, 200])).toBe(200)
  expect(decode([0x4d, 0x10, 0x27])).toBe(10_000)
  expect(decode([0x8a, 6, 0, 0, 0, 0, 0, 1])).toBe(2 ** 40)
  expect(decode([0x8a, 2, 0, 0xff])).toBe(-256)
  expect(decode([0x8a, 0])).toBe(0)
  expect(decode([0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0x40])).toBe(2n ** 62n)
  expect(decode('µ')).toBe('µ')
  expect(decode([0x58, 2, 0, 0, 0, 0x68, 0x69])).toBe('hi')
  expect([decode(0x4e), decode(0x88), decode(0x89)]).toEqual([null, true, false])
  expect(decode(0x5d, 0x28, 'a', [0x4b, 1], 0x65)).toEqual(['a', 1])
  expect(decode(0x5d, 'a', 0x61)).toEqual(['a'])
  expect(decode(0x7d, 'k', 'v', 0x73)).toEqual(new Map([['k', 'v']]))
  const call = decode(...newCall, 0x7d, 0x28, 'when', [0x4b, 7], 0x75, 0x62) as PickleObject
  expect(call.className).toBe('Call')
  expect(call.attributes).toEqual(new Map([['when', 7]]))
})

test('what is remembered comes again as the same thing', () => {
  const list = decode(0x5d, 0x28, 0x5d, 0x94, [0x68, 0], [0x6a, 0, 0, 0, 0], 0x65) as PickleValue[]
  expect(list).toHaveLength(3)
  expect(list[1]).toBe(list[0])
  expect(list[2]).toBe(list[0])
})

test('an attribute called __proto__ is an attribute', () => {
  const call = decode(...newCall, 0x7d, '__proto__', 'x', 0x73, 0x62) as PickleObject
  expect(call.attributes.get('__proto__')).toBe('x')
  expect(Object.getPrototypeOf(call)).toBe(PickleObject.prototype)
})

test('a list that holds itself is read, once', () => {
  const list = decode(0x5d, 0x94, [0x68, 0], 0x61) as PickleValue[]
  expect(list[0]).toBe(list)
})

test('classes that were not named, and opcodes that call or look up something, are refused', () => {
  const unsupported = { code: 'unsupported' }
  expect(() => decode('os', 'system', 0x93)).toThrow(expect.objectContaining(unsupported))
  expect(() => decode('os', 'system', 0x93)).toThrow('Expected classes of models only, found "os.system"')
  expect(() => decode('models', 'Other', 0x93)).toThrow(expect.objectContaining(unsupported))
  // REDUCE, GLOBAL, INST, OBJ, PERSID, BINPERSID, EXT1, NEWOBJ_EX
  for (const opcode of [0x52, 0x63, 0x69, 0x6f, 0x50, 0x51, 0x82, 0x92])
    expect(() => decode(opcode)).toThrow(expect.objectContaining(unsupported))
  expect(() => decode(0x52)).toThrow('found opcode 0x52 (at byte 2)')
  expect(() => decodePickle(Uint8Array.of(0x80, 2, 0x4e, stop), classes)).toThrow('found 2')
})

test('what does not fit together is refused', () => {
  const invalid = expect.objectContaining({ code: 'invalid-input' })
  for (const parts of [
    [],
    [0x94],
    [[0x68, 0]],
    [0x65],
    [0x4e, 0x65],
    [0x28, 0x4e, 0x61],
    [0x5d, 0x28],
    [0x7d, 0x28, 'k', 0x75],
    [0x4e, 0x4e],
    [0x29],
    ['models', 'Call', 0x93],
    ['models', 'Call', 0x93, 0x5d, 0x81],
    [...newCall, 0x5d, 0x62],
    [0x5d, 0x7d, 0x62],
    [0x4e, stop]
  ] satisfies Parameters<typeof pickle>[])
    expect(() => decode(...parts), JSON.stringify(parts)).toThrow(invalid)
  expect(() => decodePickle(new Uint8Array(), classes)).toThrow(invalid)
})

test('more values than anybody records are refused before they take the memory', () => {
  const many = (opcode: number, count: number): Uint8Array => {
    const bytes = new Uint8Array(count + 3).fill(opcode)
    bytes.set(protocol)
    return bytes
  }
  const tooLarge = expect.objectContaining({ code: 'too-large' })
  expect(() => decodePickle(many(0x4e, 1_000_001), classes)).toThrow(tooLarge)
  expect(() => decodePickle(many(0x28, 1_000_001), classes)).toThrow(tooLarge)
  // An empty list that takes in empty lists.
  const lists = new Uint8Array(8_000_010)
  for (let i = 3; i + 1 < lists.length; i += 2) lists.set([0x5d, 0x61], i)
  lists.set([...protocol, 0x5d])
  expect(() => decodePickle(lists, classes)).toThrow(tooLarge)
})
