import { expect, test } from 'vitest'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { threadNames } from '../../../src/ui/logs/thread-names.ts'

function nameOf(...threads: [id: number, name: string][]): (id: number) => string {
  const builder = new RecordingBuilder(0n)
  for (const [id, name] of threads) {
    builder.intern('threads', { id, name: builder.strings.intern(name), resource: -1 })
  }
  return threadNames(builder.finish())
}

test('a log names its thread where that is not the main one', () => {
  const name = nameOf([0, 'main'], [3, 'pool'])
  expect([0, 3, 9].map(name)).toEqual(['', 'pool', ''])
  expect(nameOf([7, 'only'])(7)).toBe('')
})
