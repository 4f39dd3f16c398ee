import { Profile } from 'pprof-format'
import { describe, expect, test } from 'vitest'
import { readCpuprofile } from '../../src/convert/read-cpuprofile.ts'
import { writeCpuprofile } from '../../src/convert/write-cpuprofile.ts'
import { writePprof } from '../../src/convert/write-pprof.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { summarizeFunctions } from '../../src/recording/summary.ts'
import { cpuprofileFixture, cpuprofileFixtures } from '../helpers/cpuprofile-fixtures.ts'
import { recordingFromText } from '../helpers/recording-from-text.ts'

interface Cpuprofile {
  nodes: { id: number; callFrame: Record<string, unknown>; children?: number[]; parent?: number }[]
  startTime: number
  endTime: number
  samples: number[]
  timeDeltas: number[]
}

const origin = { name: 'shop', startUnixNano: 1_795_333_068_669_000_123n }

function bytesOf(profile: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(profile))
}

/** Each sample's time since the start and its stack, found by walking the JSON. */
function samplesOf({ nodes, samples, timeDeltas }: Cpuprofile): string[] {
  const parents = new Map<number, number>()
  for (const node of nodes) for (const child of node.children ?? []) parents.set(child, node.id)
  for (const node of nodes) if (node.parent !== undefined) parents.set(node.id, node.parent)
  const byId = new Map(nodes.map(node => [node.id, node.callFrame]))
  const stacks = new Map<number, string>()
  const stackOf = (id: number | undefined): string => {
    if (id === undefined) return ''
    const known = stacks.get(id)
    if (known !== undefined) return known
    const { functionName, url, lineNumber, columnNumber } = byId.get(id)!
    const own = functionName === '(root)' ? '' : `;${functionName}|${url}|${lineNumber}|${columnNumber}`
    const stack = stackOf(parents.get(id)) + own
    stacks.set(id, stack)
    return stack
  }
  let time = 0
  return samples
    .map((id, at) => ({ time: (time += timeDeltas[at]!), stack: stackOf(id) }))
    .sort((a, b) => a.time - b.time)
    .map(sample => `${sample.time} ${sample.stack}`)
}

describe('a .cpuprofile', () => {
  test.each(cpuprofileFixtures)('%s has the same samples at the same times after import and export', name => {
    const bytes = cpuprofileFixture(name)
    const sent = JSON.parse(new TextDecoder().decode(bytes)) as Cpuprofile
    const recording = readCpuprofile(bytes, origin)
    expect(recording.samples.length).toBe(sent.samples.length)
    const written = JSON.parse(writeCpuprofile(recording)) as Cpuprofile
    expect(samplesOf(written)).toEqual(samplesOf(sent))
    expect(
      samplesOf(JSON.parse(writeCpuprofile(readCpuprofile(bytesOf(written), origin))) as Cpuprofile)
    ).toEqual(samplesOf(sent))
  })

  const small = {
    nodes: [
      { id: 7, callFrame: { functionName: '(root)', url: '', lineNumber: -1, columnNumber: -1 } },
      {
        id: 3,
        parent: 7,
        callFrame: { functionName: 'main', url: 'file:///a.js', lineNumber: 0, columnNumber: 4 }
      },
      {
        id: 5,
        parent: 3,
        callFrame: { functionName: '', url: 'file:///a.js', lineNumber: 9, columnNumber: 0 }
      }
    ],
    startTime: 5_000_000,
    endTime: 5_010_000,
    samples: [3, 5, 3],
    timeDeltas: [1000, 2000, -1500]
  }

  function frameNames(recording: Recording, row: number): string[] {
    const { stacks, frames, strings, samples } = recording
    const names: string[] = []
    for (let at = samples.stack[row]!; at >= 0; at = stacks.parent[at]!)
      names.unshift(`${strings[frames.name[stacks.frame[at]!]!]}:${frames.line[stacks.frame[at]!]}`)
    return names
  }

  test('whose nodes name their parents is read, its samples in order of time', () => {
    const recording = readCpuprofile(bytesOf(small), origin)
    expect(recording.epoch).toBe(origin.startUnixNano)
    expect([...recording.samples.time]).toEqual([1_000_000, 1_500_000, 3_000_000])
    expect(frameNames(recording, 1)).toEqual(['main:1'])
    expect(frameNames(recording, 2)).toEqual(['main:1', ':10'])
  })

  test('whose nodes name their parents and their children is the same', () => {
    const children = [[3], [5], []]
    const both = { ...small, nodes: small.nodes.map((node, at) => ({ ...node, children: children[at] })) }
    const [one, other] = [small, both].map(profile =>
      writeCpuprofile(readCpuprofile(bytesOf(profile), origin))
    )
    expect(other).toBe(one)
    const apart = {
      ...both,
      nodes: both.nodes.map((node, at) => ({ ...node, children: at === 0 ? [3, 5] : [] }))
    }
    expect(() => readCpuprofile(bytesOf(apart), origin)).toThrow(/form a tree/)
  })

  test.each([1e18, 1e308, -1e18])(
    'that says it began at %d µs, which is no time, began when it was taken',
    startTime => {
      const recording = readCpuprofile(bytesOf({ ...small, startTime, endTime: startTime }), origin)
      expect(recording.epoch).toBe(origin.startUnixNano)
    }
  )

  test('that we wrote says when it was, whatever the file time', () => {
    const written = writeCpuprofile(readCpuprofile(bytesOf(small), origin))
    const again = readCpuprofile(new TextEncoder().encode(written), { ...origin, startUnixNano: 0n })
    expect(again.epoch / 1000n).toBe(origin.startUnixNano / 1000n)
  })

  /** 'main 3000' of what each function ran itself, in µs: a sample lasts until the next one, as DevTools has it. */
  function selfMicros({ nodes, startTime, endTime, samples, timeDeltas }: Cpuprofile): string[] {
    const names = new Map(nodes.map(({ id, callFrame }) => [id, String(callFrame.functionName)]))
    const sums = new Map<string, number>()
    let time = startTime
    samples.forEach((id, at) => {
      time += timeDeltas[at]!
      const lasts = timeDeltas[at + 1] ?? endTime - time
      sums.set(names.get(id)!, (sums.get(names.get(id)!) ?? 0) + lasts)
    })
    return [...sums].map(([name, micros]) => `${name} ${micros}`)
  }

  test('counts each sample until the next one, however late that is, and the last one until the end', () => {
    const late = {
      ...small,
      endTime: 5_050_000,
      samples: [3, 3, 3, 5, 5],
      timeDeltas: [0, 1000, 1000, 1000, 20_000]
    }
    const recording = readCpuprofile(bytesOf(late), origin)
    const functions = summarizeFunctions(recording)
    expect(functions.map(({ name, selfMs }) => `${name} ${selfMs}`)).toEqual(['(anonymous) 47', 'main 3'])
    expect(selfMicros(JSON.parse(writeCpuprofile(recording)) as Cpuprofile)).toEqual(['main 3000', ' 47000'])
    // What its profiler usually waited, not what its longest sample needs.
    expect(Number(Profile.decode(writePprof(recording, 'shop')).period)).toBe(1_000_000)
  })

  test('says of a stretch without samples that nothing was called, and of the last sample how long it counts', () => {
    const recording = recordingFromText(`
      0ms      1ms      20ms     21ms
      main     main     main     main
      handler  handler
    `)
    expect(selfMicros(JSON.parse(writeCpuprofile(recording)) as Cpuprofile)).toEqual([
      'handler 4000',
      '(root) 16000',
      'main 2000'
    ])
  })

  test('whose first sample is before its start begins with it', () => {
    const early = { ...small, startTime: 1.7e15, endTime: 1.7e15 + 5000, timeDeltas: [-1000, 2000, 1000] }
    const recording = readCpuprofile(bytesOf(early), origin)
    expect(recording.epoch).toBe(1_700_000_000_000_000_000n - 1_000_000n)
    expect([...recording.samples.time]).toEqual([0, 2_000_000, 3_000_000])
  })

  test.each<[string, unknown]>([
    ['has no samples', { ...small, samples: [], timeDeltas: [] }],
    ['is no JSON', 'nodes'],
    ['has no nodes', {}],
    ['has a sample without a node', { ...small, samples: [3, 5, 4] }],
    ['has fewer deltas than samples', { ...small, timeDeltas: [1] }],
    ['has deltas that are no numbers', { ...small, timeDeltas: [1, 'x', 2] }],
    ['has nodes in a cycle', { ...small, nodes: small.nodes.map(node => ({ ...node, parent: node.id })) }],
    ['has a node twice', { ...small, nodes: [small.nodes[0], ...small.nodes] }]
  ])('that %s is refused with what was expected', (_, profile) => {
    expect(() => readCpuprofile(bytesOf(profile), origin)).toThrow(/Expected/)
  })

  test('of 16 MB of brackets is refused before it is parsed', () => {
    expect(() => readCpuprofile(new Uint8Array(16_000_000).fill(0x5b), origin)).toThrow(/levels/)
  })

  test('nested as deep as a stack of 100,000 calls is read', () => {
    const nodes = Array.from({ length: 100_000 }, (_, at) => ({
      id: at + 1,
      callFrame: { functionName: `f${at}`, url: '', lineNumber: 0, columnNumber: 0 },
      children: at < 99_999 ? [at + 2] : []
    }))
    const recording = readCpuprofile(
      bytesOf({ ...small, nodes, samples: [100_000], timeDeltas: [1] }),
      origin
    )
    expect(recording.stacks.length).toBe(100_000)
    expect((JSON.parse(writeCpuprofile(recording)) as Cpuprofile).nodes).toHaveLength(100_001)
  })

  test('is not written of a thread without samples', () => {
    expect(() => writeCpuprofile(readCpuprofile(bytesOf(small), origin), 3)).toThrow(/thread 3/)
  })
})
