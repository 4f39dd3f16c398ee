import { describe, expect, test } from 'vitest'
import { buildCalls, buildSampleWeights, samplingPeriods, timingSamples } from '../../src/recording/calls.ts'
import type { Calls } from '../../src/recording/calls.ts'
import { callsAsText } from '../helpers/calls-as-text.ts'
import { internStack } from '../helpers/push-rows.ts'
import { builderFromText, pushProfile, recordingFromText } from '../helpers/recording-from-text.ts'
import { seededRandom } from '../helpers/recordings.ts'

function callsOf(text: string): string {
  const recording = recordingFromText(text)
  return callsAsText(recording, buildCalls(recording, 0))
}

describe('calls from samples', () => {
  test('a call goes on while samples agree, and ends where they differ', () => {
    const calls = callsOf(`
      0ms      1ms      2ms      3ms
      main     main     main     main
      handler  handler  render   render
      parse    query             escape
    `)
    expect(calls).toBe(
      [
        'main 0–4 ×4',
        '  handler 0–2 ×2',
        '    parse 0–1 ×1',
        '    query 1–2 ×1',
        '  render 2–4 ×2',
        '    escape 3–4 ×1'
      ].join('\n')
    )
  })

  test('a function that calls itself is a call at each depth', () => {
    const calls = callsOf(`
      0ms   1ms
      fib   fib
      fib
    `)
    expect(calls).toBe('fib 0–2 ×2\n  fib 0–1 ×1')
  })

  test('an idle thread ends all calls and is none itself', () => {
    const calls = callsOf(`
      0ms      1ms      2ms
      (root)   (root)   (root)
      main     (idle)   main
    `)
    expect(calls).toBe('main 0–1 ×1\nmain 2–3 ×1')
  })

  test('garbage collection keeps what ran before open, and is its innermost call', () => {
    const calls = callsOf(`
      0ms      1ms                   2ms
      main     (garbage collector)   main
      build                          build
    `)
    expect(calls).toBe('main 0–3 ×3\n  build 0–3 ×3\n    (garbage collector) 1–2 ×1')
  })

  test('garbage collection in an idle thread stands alone', () => {
    expect(
      callsOf(`
        0ms      1ms                   2ms
        (idle)   (garbage collector)   (idle)
      `)
    ).toBe('(garbage collector) 1–2 ×1')
  })

  test('garbage collection without a span of its own stays in the span that it interrupts', () => {
    const calls = callsOf(`
      0ms    1ms                   2ms
      #a                           #a
      main   (garbage collector)   main
    `)
    expect(calls).toBe('main 0–3 ×3 #a\n  (garbage collector) 1–2 ×1 #a')
  })

  test('garbage collection that another span was seen with is that one’s', () => {
    const calls = callsOf(`
      0ms    1ms                   2ms
      #a     #b                    #a
      main   (garbage collector)   main
    `)
    expect(calls).toBe('main 0–1 ×1 #a\n(garbage collector) 1–2 ×1 #b\nmain 2–3 ×1 #a')
  })

  test('calls end where another span begins, so that each belongs to one', () => {
    const calls = callsOf(`
      0ms   1ms   2ms
      #a    #a    #b
      main  main  main
    `)
    expect(calls).toBe('main 0–2 ×2 #a\nmain 2–3 ×1 #b')
  })

  test('over a gap in the samples a call reaches three intervals and no further', () => {
    expect(
      callsOf(`
        0ms   10ms
        main  main
      `)
    ).toBe('main 0–3 ×1\nmain 10–11 ×1')
    expect(
      callsOf(`
        0ms   3ms
        main  main
      `)
    ).toBe('main 0–4 ×2')
  })

  test('samples are read in order of time, not of arrival', () => {
    const calls = callsOf(`
      2ms   0ms   1ms
      b     a     a
    `)
    expect(calls).toBe('a 0–2 ×2\nb 2–3 ×1')
  })

  test('stacks of log calls and of other threads are no timing samples', () => {
    const builder = builderFromText(`
      0ms
      main
    `)
    const stack = internStack(builder, ['other'])
    const rest = { time: 5e5, stack, link: 0, value: 1, attributes: 0 }
    builder.push('samples', { ...rest, profile: pushProfile(builder, 0, { sampleType: 'log' }) })
    builder.push('samples', { ...rest, profile: pushProfile(builder, 0, { threadId: 3, threadName: 'w' }) })
    const recording = builder.snapshot()
    expect(callsAsText(recording, buildCalls(recording, 0))).toBe('main 0–1 ×1')
    expect(callsAsText(recording, buildCalls(recording, 3))).toBe('other 0.5–1.5 ×1')
  })

  test('frames that are left out leave their callees to their callers', () => {
    const recording = recordingFromText(`
      0ms      1ms      2ms
      main     main     wrapper
      wrapper  wrapper
      load     save
    `)
    const hidden = Uint8Array.from(recording.frames.name, name =>
      recording.strings[name] === 'wrapper' ? 1 : 0
    )
    expect(callsAsText(recording, buildCalls(recording, 0, hidden))).toBe(
      'main 0–2 ×2\n  load 0–1 ×1\n  save 1–2 ×1'
    )
  })

  test('no samples give no calls', () => {
    const recording = recordingFromText('0ms\n(idle)')
    expect(buildCalls(recording, 0).length).toBe(0)
    expect(buildCalls(recording, 7).length).toBe(0)
  })

  test('random stacks: callers hold their callees, and calls of one depth never overlap', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const calls = randomCalls(seed)
      const lastEnd: number[] = []
      for (let call = 0; call < calls.length; call++) {
        const [start, end, depth, parent] = [
          calls.start[call]!,
          calls.end[call]!,
          calls.depth[call]!,
          calls.parent[call]!
        ]
        expect(end).toBeGreaterThanOrEqual(start)
        expect(start).toBeGreaterThanOrEqual(lastEnd[depth] ?? 0)
        lastEnd[depth] = end
        if (depth === 0) expect(parent).toBe(-1)
        else {
          expect(calls.depth[parent]).toBe(depth - 1)
          expect(calls.start[parent]).toBeLessThanOrEqual(start)
          expect(calls.end[parent]).toBeGreaterThanOrEqual(end)
          expect(calls.link[parent]).toBe(calls.link[call])
        }
      }
    }
  })
})

describe('the time that a sample stands for', () => {
  test('reaches to the next sample, three intervals at most, and one for the last', () => {
    const recording = recordingFromText(`
      0ms   1ms   3ms   20ms
      a     a     a     a
    `)
    const order = timingSamples(recording, 0)
    expect([...buildSampleWeights(recording, order)]).toEqual([1e6, 2e6, 3e6, 1e6])
  })

  test('is measured in the median gap where the profile names no interval', () => {
    const builder = builderFromText(`
      0ms   2ms   4ms   9ms
      a     a     a     a
    `)
    builder.table('profiles').columns.find(({ name }) => name === 'period')!.array[0] = 0
    const recording = builder.snapshot()
    expect([...samplingPeriods(recording, timingSamples(recording, 0))]).toEqual([2e6])
  })
})

function randomCalls(seed: number): Calls {
  const random = seededRandom(seed)
  const builder = builderFromText('0ms\nmain')
  const special = ['(idle)', '(program)', '(garbage collector)']
  for (let i = 1; i < 300; i++) {
    const depth = Math.floor(random() * 6)
    const names =
      random() < 0.2
        ? [special[Math.floor(random() * 3)]!]
        : Array.from({ length: depth }, () => 'abc'[Math.floor(random() * 3)]!)
    const link = builder.intern('links', {
      traceId: new Uint8Array(16).fill(1),
      spanId: new Uint8Array(8).fill(1 + Math.floor(i / 40))
    })
    const time = i * 1e6 + (random() < 0.05 ? 5e5 : 0)
    builder.push('samples', {
      time,
      stack: internStack(builder, names),
      link,
      profile: 0,
      value: 1,
      attributes: 0
    })
  }
  return buildCalls(builder.snapshot(), 0)
}
