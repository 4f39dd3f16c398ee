import { expect, test } from 'vitest'
import { spanIndexOf } from '../../../src/recording/span-index.ts'
import { buildLoopDetails } from '../../../src/ui/trace/loop-details.ts'
import { pushSpan } from '../../helpers/push-rows.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'

function detailsOf(text: string, fromMs: number, toMs: number) {
  const builder = builderFromText(text)
  pushSpan(builder, 'a', fromMs, toMs)
  pushSpan(builder, 'b', 0, 100)
  const recording = builder.snapshot()
  return buildLoopDetails({ id: 'r', recording, index: spanIndexOf(recording) }, 0)
}

test('the panel tells shares, and leads to the span and the line that held the loop', () => {
  const details = detailsOf(
    `
    0ms      1ms      2ms      3ms
    #a       #b       #b       (idle)
    serve    render   render
  `,
    0,
    4
  )
  expect(details?.parts.map(({ kind, share }) => [kind, share])).toEqual([
    ['own', 0.25],
    ['others', 0.5],
    ['waiting', 0.25]
  ])
  expect(details?.holders).toMatchObject([
    { what: 'b', duration: 2e6, functionName: 'render', span: { spanId: '6262626262626262' } }
  ])
  expect(details?.holders[0]?.link).toContain('app.js:1')
})

test('of two samples chance would tell: nothing is said', () => {
  expect(detailsOf('0ms      1ms\nserve    serve', 0, 2)).toBeUndefined()
})

test('time without samples is told as not known, and is no part of the others’ shares', () => {
  const details = detailsOf('0ms      1ms      2ms\n#a       #a       #b\nserve    serve    render', 0, 30)
  expect(details?.parts.map(({ kind, share }) => [kind, share])).toEqual([
    ['own', 2 / 30],
    ['others', 1 / 30],
    ['waiting', 0],
    ['unknown', 27 / 30]
  ])
})

test('a span that is not here has no name, but is a span', () => {
  const details = detailsOf('0ms      1ms      2ms\n#x       #x       #x\nload     load     load', 0, 3)
  expect(details?.holders[0]).toMatchObject({
    what: 'a span that isn’t here',
    span: { spanId: '7878787878787878' }
  })
})
