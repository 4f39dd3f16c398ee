import { expect, test } from 'vitest'
import { endpointAttribute } from '../../src/recording/call-tree.ts'
import { spanIndexOf } from '../../src/recording/span-index.ts'
import { endpointsOfFrames } from '../../src/recording/endpoints-of-frames.ts'
import type { TimeRange } from '../../src/recording/time-range.ts'
import { internSet, internStack, pushSpan } from '../helpers/push-rows.ts'
import { builderFromText, spanReference } from '../helpers/recording-from-text.ts'

function endpointsOf(name: string, range?: TimeRange): string[] {
  const builder = builderFromText(`
    0ms      1ms      2ms      3ms      4ms      5ms
    #a       #b       #b       #c       #x
    serve    load     load     load     load     load
             read     parse    read     read     read
  `)
  pushSpan(builder, 'a', 0, 3, '', { name: builder.strings.intern('GET /a') })
  pushSpan(builder, 'b', 1, 3, 'a', { name: builder.strings.intern('SELECT') })
  pushSpan(builder, 'c', 3, 4, '', { name: builder.strings.intern('GET /c') })
  // Of a trace that was left out no span is here: its samples say for whom they ran.
  builder.push('samples', {
    time: 6e6,
    stack: internStack(builder, ['load', 'read']),
    link: 0,
    profile: 0,
    value: 1,
    attributes: internSet(builder, { [endpointAttribute]: 'GET /c' })
  })
  builder.push('samples', {
    time: 2.5e6,
    stack: internStack(builder, ['load', 'late']),
    link: builder.intern('links', spanReference('a')),
    profile: 0,
    value: 1,
    attributes: internSet(builder, { [endpointAttribute]: 'GET' })
  })
  const recording = builder.snapshot()
  const frames = [...recording.frames.name.keys()].filter(
    frame => recording.strings[recording.frames.name[frame]!] === name
  )
  return endpointsOfFrames(recording, spanIndexOf(recording), frames, range).map(
    ({ endpoint, samples }) => `${endpoint || '-'} ${samples}`
  )
}

test('endpoints are told by the samples that saw a function, or what it called, for them', () => {
  expect(endpointsOf('load')).toEqual(['GET /a 3', 'GET /c 2', '- 2'])
  expect(endpointsOf('parse')).toEqual(['GET /a 1'])
  expect(endpointsOf('serve')).toEqual(['GET /a 1'])
})

test('only samples of the stretch count', () => {
  expect(endpointsOf('load', { from: 0, to: 2e6 })).toEqual(['GET /a 1'])
})
