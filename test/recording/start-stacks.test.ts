import { expect, test } from 'vitest'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { startStacksOf, spanNameAttribute } from '../../src/recording/start-stacks.ts'
import { internSet, internStack, pushSpan } from '../helpers/push-rows.ts'
import { pushProfile, spanReference } from '../helpers/recording-from-text.ts'

function pushStart(
  builder: RecordingBuilder,
  timeMs: number,
  frame: string,
  of: { letter?: string; name?: string }
) {
  const link = of.letter === undefined ? 0 : builder.intern('links', spanReference(of.letter))
  const attributes = of.name === undefined ? 0 : internSet(builder, { [spanNameAttribute]: of.name })
  const profile = pushProfile(builder, 0, { sampleType: 'span' })
  const stack = internStack(builder, ['serve', frame])
  builder.push('samples', { time: timeMs * 1e6, stack, link, profile, value: 1, attributes })
  return stack
}

test('a span has the stack of its own start, else that of spans of its name nearest in time', () => {
  const builder = new RecordingBuilder(0n)
  const name = builder.strings.intern('query')
  const spans = [0, 40, 60, 300].map((fromMs, i) =>
    pushSpan(builder, 'abcd'[i]!, fromMs, fromMs + 5, '', { name })
  )
  const other = pushSpan(builder, 'e', 0, 5)
  const own = pushStart(builder, 0, 'first', { letter: 'a' })
  const late = pushStart(builder, 100, 'late', { name: 'query' })
  const early = pushStart(builder, 10, 'early', { name: 'query' })
  const recording = builder.snapshot()
  const started = startStacksOf(recording)
  expect(spans.map(span => started.of(span))).toEqual([
    { stack: own, isOfName: false },
    { stack: early, isOfName: true },
    { stack: late, isOfName: true },
    { stack: late, isOfName: true }
  ])
  expect(started.of(other)).toEqual({ stack: -1, isOfName: false })
})
