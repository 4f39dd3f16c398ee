import { expect, test } from 'vitest'
import { buildCalls } from '../../../src/recording/calls.ts'
import { lanesOfCalls } from '../../../src/recording/flame-layout.ts'
import { firstCallIn, walkCalls } from '../../../src/ui/canvas/walk-calls.ts'
import { recordingFromText } from '../../helpers/recording-from-text.ts'

const recording = recordingFromText(`
  0ms   1ms    2ms     3ms
  main  main   (idle)  next
  a     b              c
`)
const calls = buildCalls(recording, 0)
const lanes = lanesOfCalls(calls)
const nameOf = (call: number | undefined): string =>
  call === undefined ? 'none' : recording.strings[recording.frames.name[calls.frame[call]!]!]!
const rowOf = (name: string): number => [...calls.frame.keys()].find(call => nameOf(call) === name) ?? -1
const walk = (from: string, key: string): string => nameOf(walkCalls(calls, lanes, rowOf(from), key))

test('arrows lead to the caller, the first callee and the neighbours', () => {
  expect(walk('b', 'ArrowUp')).toBe('main')
  expect(walk('main', 'ArrowDown')).toBe('a')
  expect(walk('next', 'ArrowDown')).toBe('c')
  expect(walk('a', 'ArrowRight')).toBe('b')
  expect(walk('b', 'ArrowRight')).toBe('c')
  expect(walk('c', 'ArrowLeft')).toBe('b')
})

test('where there is nothing an arrow stays, and other keys mean nothing here', () => {
  expect(walk('main', 'ArrowUp')).toBe('main')
  expect(walk('a', 'ArrowDown')).toBe('a')
  expect(walk('a', 'ArrowLeft')).toBe('a')
  expect(walk('c', 'ArrowRight')).toBe('c')
  expect(walk('a', 'x')).toBe('none')
})

test('the keyboard starts at the outermost call on the screen', () => {
  expect(nameOf(firstCallIn(lanes, { from: 1.5e6, to: 4e6 }))).toBe('main')
  expect(nameOf(firstCallIn(lanes, { from: 2.5e6, to: 4e6 }))).toBe('next')
  expect(firstCallIn(lanes, { from: 2.2e6, to: 2.8e6 })).toBe(-1)
  expect(firstCallIn(lanesOfCalls(buildCalls(recording, 9)), { from: 0, to: 1 })).toBe(-1)
})
