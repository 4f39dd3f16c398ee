import { expect, test } from 'vitest'
import { parseJson } from '../../src/otlp/parse-json.ts'

test('JSON that is longer than a text can be is refused for that, unread', () => {
  expect(() => parseJson(new Uint8Array(400 * 1024 * 1024 + 1), 16)).toThrow(/at most 400 MiB/)
})

test('JSON of more objects than there is memory for is refused before they are made', () => {
  const bytes = Buffer.alloc(3 * 20_000_001, '{},')
  expect(() => parseJson(bytes, 16)).toThrow(/at most 20000000 objects and arrays/)
})
