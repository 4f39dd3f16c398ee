import { expect, test } from 'vitest'
import { buildFlameCalls, listEndpoints } from '../../src/recording/flame-calls.ts'
import { frameName } from '../../src/recording/frame-names.ts'
import { setsOfEndpoint } from '../../src/recording/call-tree.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { sumStacks, weighedThreads } from '../../src/recording/stack-weights.ts'
import type { FlameFrom } from '../../src/recording/weighed-paths.ts'
import { internSet, internStack } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile } from '../helpers/recording-from-text.ts'

const work = builderFromText(`
  0ms      1ms      2ms      3ms      4ms      5ms
  main     main     main     (idle)   other    main
  read     parse    parse             parse    read
           trim                                read
`).snapshot()

/** Each call with its callers, what it took in ms and how many samples saw it. */
function drawn(
  recording: Recording,
  from: FlameFrom,
  { hidden, sets }: { hidden?: Uint8Array; sets?: Uint8Array } = {}
): string[] {
  const weights = sumStacks(recording, weighedThreads(recording), undefined, sets)
  const { length, parent, frame, start, end, samples } = buildFlameCalls({ recording, weights, hidden }, from)
  const paths: string[] = []
  for (let call = 0; call < length; call++) {
    const name = frameName(recording, frame[call]!)
    paths.push(parent[call]! < 0 ? name : `${paths[parent[call]!]}/${name}`)
  }
  return paths.map((path, call) => `${path} ${(end[call]! - start[call]!) / 1e6} ms of ${samples[call]}`)
}

test('stacks are laid over each other from the outermost call in, the widest first', () => {
  expect(drawn(work, 'callers')).toEqual([
    'main 4 ms of 4',
    'main/read 2 ms of 2',
    'main/read/read 1 ms of 1',
    'main/parse 2 ms of 2',
    'main/parse/trim 1 ms of 1',
    'other 1 ms of 1',
    'other/parse 1 ms of 1'
  ])
})

test('or from the functions that the time was spent in, out to their callers', () => {
  expect(drawn(work, 'callees')).toEqual([
    'read 2 ms of 2',
    'read/main 1 ms of 1',
    'read/read 1 ms of 1',
    'read/read/main 1 ms of 1',
    'parse 2 ms of 2',
    'parse/main 1 ms of 1',
    'parse/other 1 ms of 1',
    'trim 1 ms of 1',
    'trim/parse 1 ms of 1',
    'trim/parse/main 1 ms of 1'
  ])
})

test('the time of functions that are left out is their callers’', () => {
  const hidden = new Uint8Array(work.frames.length)
  for (let frame = 0; frame < hidden.length; frame++) {
    if (['parse', 'other'].includes(frameName(work, frame))) hidden[frame] = 1
  }
  expect(drawn(work, 'callers', { hidden })).toEqual([
    'main 4 ms of 4',
    'main/read 2 ms of 2',
    'main/read/read 1 ms of 1',
    'main/trim 1 ms of 1'
  ])
})

test('samples of one endpoint alone can be asked for', () => {
  const builder = new RecordingBuilder(0n)
  const profile = pushProfile(builder, 0)
  const names = ['GET /a', 'GET /b', '']
  names.forEach((endpoint, i) =>
    builder.push('samples', {
      time: i * 1e6,
      stack: internStack(builder, ['main', `of ${i}`]),
      link: 0,
      profile,
      value: 1,
      attributes: endpoint ? internSet(builder, { 'microlog.endpoint': endpoint }) : 0
    })
  )
  const recording = builder.snapshot()
  expect(listEndpoints(recording)).toEqual(['GET /a', 'GET /b'])
  expect(drawn(recording, 'callers', { sets: setsOfEndpoint(recording, 'GET /b') })).toEqual([
    'main 1 ms of 1',
    'main/of 1 1 ms of 1'
  ])
})
