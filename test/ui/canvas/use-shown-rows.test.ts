import { expect, test } from 'vitest'
import { buildCalls } from '../../../src/recording/calls.ts'
import { lanesOfCalls } from '../../../src/recording/flame-layout.ts'
import { depthIn } from '../../../src/ui/canvas/use-shown-rows.ts'
import { recordingFromText } from '../../helpers/recording-from-text.ts'

test('a chart is as deep as the calls of its range', () => {
  const recording = recordingFromText(`
    0ms    1ms    2ms     3ms
    main   main   (idle)  main
    load   load           save
    parse
  `)
  const lanes = lanesOfCalls(buildCalls(recording, 0))
  const depth = (from: number, to: number) => depthIn(lanes, { from: from * 1e6, to: to * 1e6 })
  expect([depth(0, 4), depth(0.5, 0.6), depth(1.2, 1.8), depth(2.2, 2.8), depth(3.2, 3.5)]).toEqual([
    3, 3, 2, 0, 2
  ])
})
