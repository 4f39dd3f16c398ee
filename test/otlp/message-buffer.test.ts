import { expect, test } from 'vitest'
import { MessageBuffer } from '../../src/otlp/message-buffer.ts'

test('a message that ends where the buffer is full keeps its content', () => {
  for (let before = 0; before < 40; before++) {
    for (const size of [0, 1, 3, 9, 127, 128, 20_000]) {
      const buffer = new MessageBuffer(16)
      for (let i = 0; i < before; i++) buffer.u8(0xee)
      const from = buffer.begin(10)
      for (let i = 0; i < size; i++) buffer.u8(i & 0xff)
      buffer.end(from)
      buffer.u8(0xdd)
      const length = size < 0x80 ? [size] : size < 0x4000 ? [(size & 0x7f) | 0x80, size >> 7] : lengthOf20000
      const expected = [
        ...new Array<number>(before).fill(0xee),
        10,
        ...length,
        ...Array.from({ length: size }, (_, i) => i & 0xff),
        0xdd
      ]
      expect(Buffer.compare(buffer.finish(), Buffer.from(expected)), `${before} before ${size}`).toBe(0)
    }
  }
})

const lengthOf20000 = [0xa0, 0x9c, 0x01]

test('ids are written as the bytes that their digits stand for, in either case', () => {
  const buffer = new MessageBuffer()
  buffer.hex('00ff10aB9F')
  expect([...buffer.finish()]).toEqual([5, 0x00, 0xff, 0x10, 0xab, 0x9f])
})
