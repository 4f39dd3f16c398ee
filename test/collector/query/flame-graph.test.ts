// What is remembered of sealed segments, and what compacted ones tell in short, must say what their samples do.
import { beforeEach, expect, test } from 'vitest'
import { openStore } from '../../../src/collector/open-store.ts'
import { buildFlameGraph } from '../../../src/collector/query/flame-graph.ts'
import type { FlameFilter } from '../../../src/collector/query/flame-graph.ts'
import { KnownCounts } from '../../../src/collector/query/known-counts.ts'
import { SegmentSearch } from '../../../src/collector/query/segment-search.ts'
import { nodeCodec } from '../../../src/collector/store/node-codec.ts'
import type { OpenSegment } from '../../../src/collector/store/segment.ts'
import { encodeRecording } from '../../../src/format/index.ts'
import { compactStore } from '../../helpers/compact-store.ts'
import { internSet } from '../../helpers/push-rows.ts'
import { builderFromText } from '../../helpers/recording-from-text.ts'
import { temporaryFolder } from '../temporary-store.ts'

const startMs = 1_699_920_000_000
const minute = 60_000
const ids = {
  shop1: 'shop1'.padEnd(26, '0'),
  shop2: 'shop2'.padEnd(26, '0'),
  nightly: 'nightly'.padEnd(26, '0')
}
let root: string

/** Two versions of a service, and a program that has its label alone; a segment of each a minute. */
beforeEach(async () => {
  root = temporaryFolder()
  const shop = { 'service.name': 'shop' }
  for (const part of [0, 1, 2]) {
    await seal(ids.shop1, 'shop', { ...shop, 'service.version': '1' }, part)
    await seal(ids.shop2, 'shop', { ...shop, 'service.version': '2' }, part)
    await seal(ids.nightly, 'nightly', {}, part)
  }
})

/** It ends idle: how long the last sample of a segment counts depends on whether another one follows. */
async function seal(
  id: string,
  label: string,
  resource: Record<string, string>,
  part: number
): Promise<void> {
  const builder = builderFromText(
    `
    0ms     1ms     2ms     3ms       5ms
    main    main    main    main      (idle)
    load    load    store   ${label}
            parse           minute${part}
  `,
    BigInt(startMs + part * minute) * 1_000_000n
  )
  const sets = ['GET /orders', 'POST /carts'].map(route => internSet(builder, { 'microlog.endpoint': route }))
  const { array } = builder.table('samples').columns.find(({ name }) => name === 'attributes')!
  array.set([sets[0]!, sets[1]!, sets[0]!, sets[1]!, 0])
  const journals = [{ file: label, from: part + 1, to: part + 2 }]
  const bytes = await encodeRecording(
    builder.snapshot(),
    { recording: id, label, resource, journals },
    nodeCodec
  )
  const { catalog } = await openStore(root)
  await catalog.addSegment(id, `${label}-${part + 1}-${part + 2}`, bytes)
}

async function openAll(): Promise<OpenSegment[]> {
  return (await openStore(root)).library.open()
}

/** The same segments, which name themselves when their samples are read. */
function watched(opened: readonly OpenSegment[], read: string[]): OpenSegment[] {
  return opened.map(({ segment, file }) => ({
    segment,
    file: {
      ...file,
      readUnlinkedSamples: window => {
        read.push(segment.id)
        return file.readUnlinkedSamples(window)
      }
    }
  }))
}

/** A line for each call, in any order of nodes; and what else there is to choose. */
async function flame(opened: readonly OpenSegment[], filter: FlameFilter, known?: KnownCounts) {
  const graph = await buildFlameGraph(new SegmentSearch(), opened, filter, known)
  const { frames, nodes, recordings, choices } = graph
  const path = (node: number): string => {
    const frame = nodes.frame[node]!
    const own = `${frames.name[frame]}@${recordings[frames.recording[frame]!]}`
    return nodes.parent[node]! < 0 ? own : `${path(nodes.parent[node]!)} › ${own}`
  }
  const lines = nodes.frame.map(
    (_, node) => `${path(node)} ${nodes.totalMs[node]} (${nodes.selfMs[node]}) ×${nodes.samples[node]}`
  )
  return { lines: lines.sort(), recordings: recordings.toSorted(), choices }
}

const filters: FlameFilter[] = [
  {},
  { service: 'shop' },
  { service: 'nightly' },
  { service: 'shop', version: '2' },
  { endpoint: 'POST /carts' },
  { service: 'shop', version: '1', endpoint: 'GET /orders' },
  { endpoint: 'GET /nothing' },
  { version: '3' },
  { from: startMs, to: startMs + 10 * minute },
  { from: startMs + minute },
  { from: startMs + minute + 2, to: startMs + 2 * minute + 3, endpoint: 'POST /carts' },
  { to: startMs + minute + 2, service: 'shop', version: '2' },
  { from: startMs + 5 * minute }
]

test('by service, label, version, endpoint and time it is the same of samples, what is known of them, and compacted segments', async () => {
  const opened = await openAll()
  const known = new KnownCounts()
  const bySamples = []
  for (const filter of filters) bySamples.push(await flame(opened, filter))
  for (const round of ['first', 'again'])
    for (const [i, filter] of filters.entries())
      expect(await flame(opened, filter, known), `${round}: ${JSON.stringify(filter)}`).toEqual(bySamples[i])
  expect(bySamples[5]!.lines).toEqual([
    `main@${ids.shop1} 6 (0) ×6`,
    `main@${ids.shop1} › load@${ids.shop1} 3 (3) ×3`,
    `main@${ids.shop1} › store@${ids.shop1} 3 (3) ×3`
  ])
  expect(await compactStore(root)).toBe(3)
  const compacted = await openAll()
  expect(compacted).toHaveLength(3)
  for (const [i, filter] of filters.entries())
    expect((await flame(compacted, filter)).lines, JSON.stringify(filter)).toEqual(bySamples[i]!.lines)
})

test('samples of a sealed segment are read for the first question, and again only for a part of its time', async () => {
  const read: string[] = []
  const opened = watched(await openAll(), read)
  const known = new KnownCounts()
  await flame(opened.slice(0, -1), {}, known)
  expect(read).toHaveLength(8)
  await flame(opened, { endpoint: 'POST /carts' }, known)
  expect(read.slice(8)).toEqual([opened.at(-1)!.segment.id])
  await flame(opened, { service: 'shop', version: '2', from: startMs + minute + 2 }, known)
  expect(read.slice(9)).toEqual(['shop-2-3'])
})

test('what is open changes: its samples are read each time', async () => {
  const read: string[] = []
  const [first] = watched(await openAll(), read)
  const live = { file: first!.file, segment: { ...first!.segment, live: true } }
  const known = new KnownCounts()
  await flame([live], {}, known)
  await flame([live], {}, known)
  expect(read).toHaveLength(2)
  expect(known.bytes).toBe(0)
})
