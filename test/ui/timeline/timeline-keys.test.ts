import { describe, expect, test } from 'vitest'
import { shallowRef } from 'vue'
import { createSelection } from '../../../src/ui/state/use-selection.ts'
import { placePanel } from '../../../src/ui/widgets/place-panel.ts'
import { rangeAfterKey } from '../../../src/ui/canvas/range-after-key.ts'
import { rememberSteps } from '../../../src/ui/timeline/range-steps.ts'
import { hiddenByDefault, toggleThread } from '../../../src/ui/state/visible-threads.ts'

const extent = { from: 0, to: 100e9 }
const range = { from: 40e9, to: 60e9 }

describe('keys on the time axis', () => {
  test('W and S zoom around the pointer, or the middle without one', () => {
    expect(rangeAfterKey('w', range, extent, 40e9, undefined)).toEqual({ from: 40e9, to: 40e9 + 20e9 / 1.5 })
    expect(rangeAfterKey('s', range, extent, undefined, undefined)).toEqual({ from: 35e9, to: 65e9 })
  })

  test('A and D pan by a fifth', () => {
    expect(rangeAfterKey('a', range, extent, undefined, undefined)).toEqual({ from: 36e9, to: 56e9 })
    expect(rangeAfterKey('D', range, extent, undefined, undefined)).toEqual({ from: 44e9, to: 64e9 })
  })

  test('F fits what is selected, else everything; 0 always everything', () => {
    expect(rangeAfterKey('f', range, extent, undefined, { from: 50e9, to: 52e9 })).toEqual({
      from: 49.9e9,
      to: 52.1e9
    })
    expect(rangeAfterKey('f', range, extent, undefined, undefined)).toBeNull()
    expect(rangeAfterKey('0', range, extent, undefined, { from: 50e9, to: 52e9 })).toBeNull()
  })

  test('other keys are left to others', () => {
    expect(rangeAfterKey('x', range, extent, undefined, undefined)).toBeUndefined()
    expect(rangeAfterKey('Tab', range, extent, undefined, undefined)).toBeUndefined()
  })
})

describe('threads', () => {
  const threads = Array.from({ length: 9 }, (_, id) => ({ id, name: `t${id}`, samples: id * 10 }))

  test('are all shown when they are few, else the busiest six', () => {
    expect(hiddenByDefault(threads.slice(0, 6))).toEqual([])
    expect(hiddenByDefault(threads).sort()).toEqual([0, 1, 2])
  })

  test('are folded and unfolded one by one', () => {
    expect(toggleThread([1, 2], 2)).toEqual([1])
    expect(toggleThread([1], 2)).toEqual([1, 2])
  })
})

describe('a popup', () => {
  const panel = { width: 400, height: 300 }
  const window = { width: 1000, height: 800 }

  test('opens below and right of the click where there is room', () => {
    expect(placePanel({ clientX: 100, clientY: 100 }, panel, window)).toEqual({ x: 112, y: 112 })
  })

  test('opens on the other side at the edges', () => {
    expect(placePanel({ clientX: 900, clientY: 700 }, panel, window)).toEqual({ x: 488, y: 388 })
  })

  test('stays within a window that is too small for it', () => {
    expect(placePanel({ clientX: 900, clientY: 700 }, panel, { width: 300, height: 200 })).toEqual({
      x: 12,
      y: 12
    })
  })
})

test('Backspace goes through the stretches that were looked at, leaving out what a gesture went through', () => {
  const selection = rememberSteps(createSelection({ query: shallowRef({}), set: () => {} }))
  const [half, quarter, moved] = [
    { from: 0, to: 50e9 },
    { from: 0, to: 25e9 },
    { from: 1e9, to: 26e9 }
  ]
  selection.setRange(half)
  selection.setRange(quarter)
  selection.setRange(moved, 'replace')
  selection.stepBack()
  expect(selection.range.value).toBe(half)
  selection.stepBack()
  expect(selection.range.value).toBeNull()
  selection.stepBack()
  expect(selection.range.value).toBeNull()
})
