// Questions that compacted segments answer by their rollups, and others by their rows: the answers are the same.
import { beforeEach, describe, expect, test } from 'vitest'
import { openStore } from '../../../src/collector/open-store.ts'
import { buildFlameGraph } from '../../../src/collector/query/flame-graph.ts'
import { SegmentSearch } from '../../../src/collector/query/segment-search.ts'
import type { FlameFilter } from '../../../src/collector/query/flame-graph.ts'
import type { OpenSegment } from '../../../src/collector/store/segment.ts'
import { buildOverview } from '../../../src/collector/query/recording-overview.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import { encodeRecording } from '../../../src/format/index.ts'
import type { RecordingFile } from '../../../src/format/index.ts'
import { compactStore } from '../../helpers/compact-store.ts'
import { internSet, pushSeries } from '../../helpers/push-rows.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'
import { temporaryFolder } from '../temporary-store.ts'

const startMs = 1_699_920_000_000
const minute = 60_000
let root: string

beforeEach(async () => {
  root = temporaryFolder()
  for (const version of ['1', '2']) {
    for (const part of [0, 1, 2]) await seal(version, part)
  }
})

async function seal(version: string, part: number): Promise<void> {
  const builder = builderFromText(
    `
    0ms     1ms     2ms     3ms
    main    main    (idle)  main
    load    load            store
  `,
    BigInt(startMs + part * minute) * 1_000_000n
  )
  const sets = ['GET /orders', 'POST /carts'].map(route => internSet(builder, { 'microlog.endpoint': route }))
  builder
    .table('samples')
    .columns.find(({ name }) => name === 'attributes')!
    .array.set([sets[0]!, sets[1]!, sets[0]!, sets[1]!])
  const points: Record<string, number> = {}
  for (let ms = 0; ms < minute; ms += 500) points[ms] = ms % 1000 === 0 ? 0.25 * part : 0.5
  pushSeries(builder, 'process.cpu.utilization', points)
  const recording = version.padEnd(26, '0')
  const resource = { 'service.name': 'shop', 'service.version': version }
  const journals = [{ file: `j${version}`, from: part + 1, to: part + 2 }]
  const bytes = await encodeRecording(
    builder.snapshot(),
    { recording, label: 'shop', resource, journals },
    nodeCodec
  )
  const { catalog } = await openStore(root)
  await catalog.addSegment(recording, `j${version}-${part + 1}-${part + 2}`, bytes)
}

/** All segments; their rows can't be read where they have rollups, and who tries fails. */
async function openSegments(onlyRollups: boolean): Promise<OpenSegment[]> {
  const opened = await (await openStore(root)).library.open()
  if (!onlyRollups) return opened
  const read = (): never => {
    throw new Error('Expected no rows to be read')
  }
  return opened.map(({ segment, file }) => ({
    segment,
    file: { ...file, read, readUnlinkedSamples: read } as RecordingFile
  }))
}

async function flame(filter: FlameFilter, onlyRollups = false): Promise<string[]> {
  const { frames, nodes } = await buildFlameGraph(
    new SegmentSearch(),
    await openSegments(onlyRollups),
    filter
  )
  const path = (node: number): string =>
    (nodes.parent[node]! < 0 ? '' : `${path(nodes.parent[node]!)} › `) + frames.name[nodes.frame[node]!]!
  return nodes.frame
    .map((_, node) => `${path(node)} ${nodes.totalMs[node]} (${nodes.selfMs[node]}) ×${nodes.samples[node]}`)
    .sort()
}

describe('a flame graph', () => {
  const filters: FlameFilter[] = [
    {},
    { service: 'shop', endpoint: 'POST /carts' },
    { version: '2' },
    { version: '2', endpoint: 'GET /orders' },
    { endpoint: 'GET /nothing' },
    { version: '3' },
    { from: startMs, to: startMs + 10 * minute }
  ]

  test('of compacted segments is made of stack counts alone, by version and endpoint, too', async () => {
    const before = await Promise.all(filters.map(filter => flame(filter)))
    expect(await compactStore(root)).toBe(2)
    const after = await Promise.all(filters.map(filter => flame(filter, true)))
    // The last sample of a segment is followed by one three sampling intervals later at most, once they are one.
    const sampleCounts = (graphs: string[][]) =>
      graphs.map(lines => lines.map(line => line.replace(/ .*×/, ' ×')))
    expect(sampleCounts(after)).toEqual(sampleCounts(before))
    expect(after[1]).toEqual(['main 20 (0) ×12', 'main › load 6 (6) ×6', 'main › store 14 (14) ×6'])
    expect(after.slice(4, 6)).toEqual([[], []])
  })

  test('of a part of their time is made of their samples', async () => {
    expect(await compactStore(root)).toBe(2)
    const part = { from: startMs + minute, to: startMs + minute + 2 }
    expect(await flame(part)).toEqual(['main 4 (0) ×4', 'main › load 4 (4) ×4'])
    await expect(flame(part, true)).rejects.toThrow('Expected no rows to be read')
  })
})

test('an overview of compacted segments is made of rollups alone, and the same as of their points', async () => {
  const ofFirst = async (onlyRollups: boolean) =>
    (await openSegments(onlyRollups)).filter(({ segment }) => segment.recording.startsWith('1'))
  const before = [1000, minute].map(async stepMs => buildOverview(await ofFirst(false), { stepMs }))
  const expected = await Promise.all(before)
  expect(await compactStore(root)).toBe(2)
  const after = [1000, minute].map(async stepMs => buildOverview(await ofFirst(true), { stepMs }))
  expect(await Promise.all(after)).toEqual(expected)
  expect(expected[1]).toEqual({
    stepMs: minute,
    from: startMs,
    to: startMs + 3 * minute - 500,
    curves: {
      'process.cpu.utilization': {
        time: [0, 1, 2].map(part => startMs + part * minute),
        min: [0, 0.25, 0.5],
        mean: [0.25, 0.375, 0.5],
        max: [0.5, 0.5, 0.5]
      }
    }
  })
  const cpu = { time: [startMs], min: [0], mean: [0.375], max: [0.5] }
  expect(await buildOverview(await ofFirst(true), { stepMs: 60 * minute })).toMatchObject({
    stepMs: 60 * minute,
    curves: { 'process.cpu.utilization': cpu }
  })
  expect((await buildOverview(await ofFirst(true), { stepMs: minute, metric: 'else' })).curves).toEqual({})
  await expect(buildOverview(await ofFirst(true), { stepMs: 1500 })).rejects.toThrow(
    'Expected a step of so many times 1000 ms, found 1500'
  )
})
