import { afterEach, describe, expect, it } from 'vitest'
import {
  captureCallSite,
  StackCapture,
  type CapturedStacks
} from '../../../src/instrumentation/profile/stack-capture.ts'

const { prepareStackTrace, stackTraceLimit } = Error

afterEach(() => {
  Error.prepareStackTrace = prepareStackTrace
  Error.stackTraceLimit = stackTraceLimit
})

it('a call site is the caller of the function named, with its file, line and column', () => {
  const log = () => captureCallSite(log)
  function handler() {
    return log()
  }
  const site = handler()!
  expect(site.functionName).toBe('handler')
  expect(site.filePath).toContain('stack-capture.test.ts')
  expect(site.line).toBeGreaterThan(0)
  expect(site.column).toBeGreaterThan(0)
})

describe('captured stacks', () => {
  const capture = new StackCapture()
  const log = (): number => capture.capture(log)

  it('share the part they have in common, and go once', () => {
    const rows = [0, 1].map(() => outer())
    function outer(): [number, number] {
      return [inner(), inner()]
    }
    function inner(): number {
      return log()
    }
    const stacks = capture.take()
    const [[first, second], [again]] = rows as [[number, number], [number, number]]
    expect(namesOf(stacks, first).slice(0, 2)).toEqual(['inner', 'outer'])
    // The same line of inner, called from two places of one line of outer.
    expect(second).not.toBe(first)
    expect(again).toBe(first)
    expect(stacks.parent[stacks.parent[second]!]).toBe(stacks.parent[stacks.parent[first]!])
    expect(capture.take().parent).toEqual([])
  })

  it('have one path where they differ in frames of Node alone', async () => {
    const resumed: number[] = []
    await new Promise<void>(done => {
      const step = () => {
        resumed.push(log())
        if (resumed.length === 2) done()
      }
      setTimeout(step)
      setImmediate(step)
    })
    const [first, second] = resumed as [number, number]
    expect(second).not.toBe(first)
    expect(capture.pathOf(second)).toBe(capture.pathOf(first))
    expect(capture.pathOf(log())).not.toBe(capture.pathOf(first))
    capture.take()
  })

  it('tell functions of evaluated code apart, which has no file', () => {
    const names = ['alpha', 'beta'].map(name => {
      const call = new Function('log', `return function ${name}() { return log() }`)(log) as () => number
      return call()
    })
    const stacks = capture.take()
    expect(names.map(row => stacks.functionName[row])).toEqual(['alpha', 'beta'])
  })

  it('end after 30 frames', () => {
    const deep = (depth: number): number => (depth === 0 ? log() : deep(depth - 1))
    const row = deep(100)
    expect(namesOf(capture.take(), row)).toHaveLength(30)
  })
})

it('leaves the program’s own settings of Error as they were', () => {
  const own = () => 'own'
  Error.prepareStackTrace = own
  Error.stackTraceLimit = 3
  const log = () => captureCallSite(log)
  expect(log()).toBeDefined()
  expect(Error.prepareStackTrace).toBe(own)
  expect(Error.stackTraceLimit).toBe(3)
})

it('gives no stack, and no error, where the program has frozen them', () => {
  Object.defineProperty(Error, 'stackTraceLimit', { value: 7, writable: false, configurable: true })
  try {
    const log = () => captureCallSite(log)
    expect(log()).toBeUndefined()
    expect(Error.stackTraceLimit).toBe(7)
  } finally {
    Object.defineProperty(Error, 'stackTraceLimit', { value: 10, writable: true, configurable: true })
  }
})

function namesOf(stacks: CapturedStacks, leaf: number): string[] {
  const names: string[] = []
  for (let row = leaf; row >= 0; row = stacks.parent[row]!) names.push(stacks.functionName[row]!)
  return names
}
