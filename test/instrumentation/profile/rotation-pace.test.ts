import { describe, expect, it } from 'vitest'
import { createProfiler } from '../../../src/instrumentation/profile/profiler.ts'
import type { LinkedProfile } from '../../../src/instrumentation/record-sink.ts'
import { RotationPace } from '../../../src/instrumentation/profile/rotation-pace.ts'

describe('the pace of rotations', () => {
  it('is slow for few nodes and quick for many', () => {
    const pace = new RotationPace()
    pace.learn(profileOf(100), 100, 2000)
    expect(pace.periodMs).toBe(9000)
    pace.learn(profileOf(4000), 4000, 5000)
    expect(pace.periodMs).toBe(2000)
  })

  it('asks for fewer stacks where those bring many nodes, and for more again when they don’t', () => {
    const pace = new RotationPace()
    const limits = [600, 600, 600, 4500, 600].map(nodes => {
      pace.learn(profileOf(500), nodes, 2000)
      return pace.logLimit
    })
    expect(limits).toEqual([1000, 2000, 2000, 500, 1000])
  })

  it('gives a burst of span starts their stacks, and then some a second', () => {
    const pace = new RotationPace()
    const given = () => Array.from({ length: 1000 }, () => pace.takeSpan()).filter(Boolean).length
    expect(given()).toBe(100)
    for (let i = 0; i < 4; i++) pace.passed(250)
    expect(given()).toBe(50)
    pace.passed(3_600_000)
    expect(given()).toBe(100)
  })

  it('never gives up stacks altogether', () => {
    const pace = new RotationPace()
    for (let i = 0; i < 10; i++) pace.learn(profileOf(10), 100_000, 2000)
    expect(pace.logLimit).toBeGreaterThanOrEqual(100)
  })
})

it('counts the stacks that a storm of log calls costs, and tells of them once', () => {
  const profiles: LinkedProfile[] = []
  const lost: number[] = []
  const profiler = createProfiler({
    backend: 'inspector',
    intervalUs: 10_000,
    linking: false,
    onProfile: profile => profiles.push(profile),
    onLostStacks: count => lost.push(count)
  })
  profiler.start()
  for (let i = 0; i < 5000; i++) profiler.markLog(`uid-${i}`, undefined)
  profiler.stop()
  const kept = profiles.reduce((sum, profile) => sum + profile.logs.stack.length, 0)
  expect(kept).toBeGreaterThan(100)
  expect(lost).toEqual([5000 - kept])
})

/** A profile whose samples met this many nodes, one under the other. */
function profileOf(nodes: number): Pick<LinkedProfile, 'stacks' | 'wall'> {
  const parent = Int32Array.from({ length: nodes }, (_, row) => row - 1)
  const one = { timeUnixUs: new Float64Array(1), link: new Int32Array(1), endpoint: new Int32Array(1) }
  return {
    stacks: { frame: new Int32Array(nodes), parent },
    wall: { stack: Int32Array.of(nodes - 1), ...one }
  }
}
