import { describe, expect, test } from 'vitest'
import { buildCalls } from '../../../src/recording/calls.ts'
import { buildActivity, dragWindow, windowPartAt } from '../../../src/ui/timeline/minimap.ts'
import { windowShares } from '../../../src/ui/canvas/window-shares.ts'
import { recordingFromText } from '../../helpers/recording-from-text.ts'

const calls = buildCalls(
  recordingFromText(`
    0ms   1ms     2ms     3ms
    main  (idle)  main    (idle)
    a             b
  `),
  0
)
const extent = { from: 0, to: 100 }
const range = { from: 20, to: 40 }

describe('the overview', () => {
  test('shows which share of each column the thread was busy, callees not counted twice', () => {
    expect([...buildActivity([calls], { from: 0, to: 4e6 }, 4)]).toEqual([1, 0, 1, 0])
    expect([...buildActivity([calls], { from: 0, to: 4e6 }, 2)]).toEqual([0.5, 0.5])
  })

  test('of several threads shows the busiest', () => {
    const other = buildCalls(recordingFromText('1ms\nmain'), 0)
    expect([...buildActivity([calls, other], { from: 0, to: 4e6 }, 4)]).toEqual([1, 1, 1, 0])
  })

  test('an edge of the window can be taken, its inside moved, and anywhere else a new one drawn', () => {
    const part = (x: number): string => windowPartAt(range, extent, 1000, x)
    expect([part(203), part(396), part(300), part(100), part(900)]).toEqual([
      'left',
      'right',
      'inside',
      'outside',
      'outside'
    ])
    expect(windowPartAt(extent, extent, 1000, 500)).toBe('outside')
  })

  test('dragging moves, widens or draws the window, and never past the ends', () => {
    const wide = { from: 0, to: 100e6 }
    const window = { from: 20e6, to: 40e6 }
    expect(dragWindow('inside', window, wide, 100, 30, 50)).toEqual({ from: 40e6, to: 60e6 })
    expect(dragWindow('inside', window, wide, 100, 30, 500)).toEqual({ from: 80e6, to: 100e6 })
    expect(dragWindow('left', window, wide, 100, 20, 10)).toEqual({ from: 10e6, to: 40e6 })
    expect(dragWindow('left', window, wide, 100, 20, 60)).toEqual({ from: 40e6, to: 60e6 })
    expect(dragWindow('right', window, wide, 100, 40, 70)).toEqual({ from: 20e6, to: 70e6 })
    expect(dragWindow('outside', window, wide, 100, 90, 70)).toEqual({ from: 70e6, to: 90e6 })
  })

  test('the window lies where the range does', () => {
    expect(windowShares(range, extent)).toEqual({ before: '20%', after: '60%', isPart: true })
    expect(windowShares(extent, extent).isPart).toBe(false)
  })
})
