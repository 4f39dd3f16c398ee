// Traces put together from many segments, held against a plain way of doing it.
import { expect, test } from 'vitest'
import type { TraceDetail } from '../../../src/collector/api.ts'
import { findTraces, pageOfTraces, traceOrders } from '../../../src/collector/query/find-traces.ts'
import type { TraceFilter, TraceSort } from '../../../src/collector/query/find-traces.ts'
import { LatestTraces } from '../../../src/collector/query/latest-traces.ts'
import { MergedTraces } from '../../../src/collector/query/merged-traces.ts'
import { partsOfTrace } from '../../../src/collector/query/trace-parts.ts'
import type { TracePart } from '../../../src/collector/query/trace-parts.ts'
import { rowsOfTexts } from '../../../src/recording/text-row.ts'
import type { SegmentFooter } from '../../../src/format/index.ts'
import { seededRandom } from '../../helpers/recordings.ts'

interface Row {
  id: number
  service: string
  name: string
  root: boolean
  startMs: number
  durationMs: number
  spans: number
  errors: number
}

/** Rows of several segments; a trace may be in any of them. */
function randomRows(seed: number, segments: number, rows: number): Row[][] {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  return Array.from({ length: segments }, () => {
    const ids = new Set(Array.from({ length: rows }, () => below(rows * 2)))
    return [...ids].map(id => ({
      id,
      service: ['shop', 'stock', 'mail'][below(3)]!,
      name: `GET /${below(9)}`,
      root: below(2) === 0,
      startMs: below(50),
      durationMs: below(100),
      spans: below(4),
      errors: below(2)
    }))
  })
}

const hexOf = (id: number): string => (id * 7 + 1).toString(16).padStart(32, id % 2 === 0 ? 'a' : '0')

function partOf(rows: readonly Row[], index: number): TracePart {
  const ids = Buffer.from(rows.map(({ id }) => hexOf(id)).join(''), 'hex')
  const texts = new Map<string, number>()
  const service = rowsOfTexts(
    texts,
    rows.map(({ service, spans }) => (spans > 0 ? service : ''))
  )
  const name = rowsOfTexts(
    texts,
    rows.map(({ name }) => name)
  )
  const traces = {
    length: rows.length,
    // As it lies in a footer: anywhere.
    id: new Uint8Array(Buffer.concat([Buffer.alloc(3), ids])).subarray(3),
    texts: [...texts.keys()],
    service,
    name,
    root: Uint8Array.from(rows, ({ root }) => Number(root)),
    start: Float64Array.from(rows, ({ startMs }) => startMs * 1e6),
    duration: Float64Array.from(rows, ({ durationMs }) => durationMs * 1e6),
    spans: Uint32Array.from(rows, ({ spans }) => spans),
    errors: Uint32Array.from(rows, ({ errors, spans }) => Math.min(errors, spans)),
    logs: Uint32Array.from(rows, () => 1),
    samples: Uint32Array.from(rows, () => 2)
  }
  const footer = { epoch: BigInt(index) * 10_000_000n, traces } as unknown as SegmentFooter
  return { recording: `recording ${index}`, segment: `segment ${index}`, footer }
}

type Plain = TraceDetail & { services: Set<string> }

function plainTraces(segments: readonly Row[][]): Plain[] {
  return [...groupById(segments)].map(([id, found]) => {
    const told = found.filter(({ row }) => row.spans > 0)
    const startOf = ({ row, segment }: (typeof found)[number]): number => segment * 10 + row.startMs
    const naming = told.toSorted(
      (a, b) => Number(b.row.root) - Number(a.row.root) || startOf(a) - startOf(b)
    )[0]
    const timed = told.length > 0 ? told : found
    const start = Math.min(...timed.map(startOf))
    return {
      traceId: hexOf(id),
      service: naming?.row.service ?? '',
      name: naming?.row.name ?? '',
      start,
      durationMs: Math.max(...timed.map(one => startOf(one) + one.row.durationMs)) - start,
      spans: found.reduce((sum, { row }) => sum + row.spans, 0),
      errors: found.reduce((sum, { row }) => sum + Math.min(row.errors, row.spans), 0),
      logs: found.length,
      samples: found.length * 2,
      segments: found.map(({ segment }) => ({
        recording: `recording ${segment}`,
        segment: `segment ${segment}`
      })),
      services: new Set(told.map(({ row }) => row.service))
    }
  })
}

function groupById(segments: readonly Row[][]): Map<number, { row: Row; segment: number }[]> {
  const groups = new Map<number, { row: Row; segment: number }[]>()
  segments.forEach((rows, segment) => {
    for (const row of rows) groups.set(row.id, [...(groups.get(row.id) ?? []), { row, segment }])
  })
  return groups
}

const filters: [string, TraceFilter, (trace: Plain) => boolean][] = [
  ['all', {}, () => true],
  ['a service', { service: 'stock' }, ({ services }) => services.has('stock')],
  ['a part of the name', { name: 'get /3' }, ({ name }) => name === 'GET /3'],
  ['a duration', { minDurationMs: 80 }, ({ durationMs }) => durationMs >= 80],
  ['errors', { error: true }, ({ errors }) => errors > 0],
  ['none', { error: false }, ({ errors }) => errors === 0],
  ['a time', { from: 60, to: 70 }, ({ start, durationMs }) => start + durationMs >= 60 && start <= 70],
  ['a text', { q: 'MAIL' }, ({ services }) => services.has('mail')]
]

const newestFirst: TraceSort = { by: 'start', ascending: false }

/** Page by page. */
async function listPages(
  traces: MergedTraces,
  filter: TraceFilter,
  sort: TraceSort,
  limit: number
): Promise<TraceDetail[]> {
  const found = await findTraces(traces, filter)
  const listed: TraceDetail[] = []
  let cursor: string | undefined
  do {
    const page = await pageOfTraces(traces, found, sort, { limit, after: cursor })
    expect(page.items.length).toBeLessThanOrEqual(limit)
    listed.push(...page.items)
    cursor = page.cursor
  } while (cursor !== undefined)
  return listed
}

test.each(filters)(
  'the list of traces by %s is that of the plain way, page by page',
  async (_, filter, fits) => {
    for (const [seed, limit] of [
      [1, 7],
      [2, 50],
      [3, 10_000]
    ] as const) {
      const rows = randomRows(seed, 6, 60)
      const traces = await MergedTraces.of(rows.map(partOf))
      const expected = plainTraces(rows)
        .filter(({ spans }) => spans > 0)
        .filter(fits)
        .sort((a, b) => b.start - a.start || (a.traceId < b.traceId ? -1 : 1))
        .map(({ services: _services, ...trace }) => trace)
      const listed = await listPages(traces, filter, newestFirst, limit)
      expect(expected.length).toBeGreaterThan(0)
      expect(listed).toEqual(expected)
    }
  }
)

const sorts = traceOrders.flatMap(by => [true, false].map(ascending => ({ by, ascending })))

test.each(sorts)(
  'traces sorted by $by (ascending: $ascending) are those of the plain way, page by page',
  async sort => {
    const value = (trace: TraceDetail): number => (sort.by === 'duration' ? trace.durationMs : trace[sort.by])
    for (const [seed, limit] of [
      [1, 7],
      [2, 50],
      [3, 10_000]
    ] as const) {
      const rows = randomRows(seed, 6, 60)
      const expected = plainTraces(rows)
        .filter(({ spans }) => spans > 0)
        .sort(
          (a, b) =>
            (value(b) - value(a)) * (sort.ascending ? -1 : 1) ||
            b.start - a.start ||
            (a.traceId < b.traceId ? -1 : 1)
        )
        .map(({ services: _services, ...trace }) => trace)
      const listed = await listPages(await MergedTraces.of(rows.map(partOf)), {}, sort, limit)
      expect(listed).toEqual(expected)
    }
  }
)

test('a page of thousands is the first of far more that are alike', async () => {
  const rows = randomRows(7, 4, 20_000)
  const traces = await MergedTraces.of(rows.map(partOf))
  const found = await findTraces(traces, {})
  const page = await pageOfTraces(
    traces,
    found,
    { by: 'errors', ascending: true },
    { limit: 20, after: undefined }
  )
  const newest = plainTraces(rows)
    .filter(({ spans, errors }) => spans > 0 && errors === 0)
    .sort((a, b) => b.start - a.start || (a.traceId < b.traceId ? -1 : 1))
  expect(page.items.map(({ traceId }) => traceId)).toEqual(newest.slice(0, 20).map(({ traceId }) => traceId))
})

test('samples and logs of another segment make a trace no longer than its spans', async () => {
  const row = {
    id: 1,
    service: 'shop',
    name: 'GET /',
    root: true,
    startMs: 5,
    durationMs: 20,
    spans: 2,
    errors: 0
  }
  const late = { ...row, startMs: 60_000, durationMs: 0, spans: 0 }
  const parts = [[row], [late]].map(partOf)
  for (const order of [parts, parts.toReversed()]) {
    const traces = await MergedTraces.of(order)
    expect(traces.detail(0)).toMatchObject({ start: 5, durationMs: 20, samples: 4 })
  }
})

test('a trace is found by its id, whatever segments tell of it', async () => {
  const rows = randomRows(4, 6, 60)
  for (const { services: _services, ...expected } of plainTraces(rows)) {
    const traces = await MergedTraces.of(await partsOfTrace(rows.map(partOf), expected.traceId))
    expect(traces.length).toBe(1)
    expect(traces.detail(0)).toEqual(expected)
  }
  for (const unknown of ['', 'f'.repeat(32), 'no id', 'A'.repeat(32)])
    expect(await partsOfTrace(rows.map(partOf), unknown)).toEqual([])
})

test.for([
  ['a few large segments', 12, 20_000],
  ['many small ones', 3_000, 40]
] as const)('whoever asks for the traces of %s keeps nobody else waiting', async ([_, segments, rows]) => {
  const parts = randomRows(5, segments, rows).map(partOf)
  let turns = 0
  let going = true
  const turn = (): void => {
    turns++
    if (going) setImmediate(turn)
  }
  setImmediate(turn)
  const traces = await MergedTraces.of(parts)
  const turnsToMerge = turns
  await findTraces(traces, { q: 'nothing' })
  going = false
  expect(turnsToMerge).toBeGreaterThan(5)
  expect(turns - turnsToMerge).toBeGreaterThan(0)
})

test('traces are put together once for the same segments, and anew with any other', async () => {
  const [first, second, third] = randomRows(6, 3, 60).map(partOf) as [TracePart, TracePart, TracePart]
  const latest = new LatestTraces()
  const traces = await latest.of([first, second])
  expect(await latest.of([{ ...first }, { ...second }])).toBe(traces)
  for (const parts of [[first, third], [first, second, third], [second, first], [first]]) {
    const expected = await MergedTraces.of(parts)
    const found = await latest.of(parts)
    expect(found.length).toBe(expected.length)
    for (let trace = 0; trace < expected.length; trace++)
      expect(found.detail(trace)).toEqual(expected.detail(trace))
  }
})

test('what the last segments said is taken back where others come in their place', async () => {
  const parts = randomRows(7, 20, 60).map(partOf)
  const random = seededRandom(8)
  const below = (limit: number): number => Math.floor(random() * limit)
  const latest = new LatestTraces()
  for (let time = 0; time < 60; time++) {
    // Sealed ones become more, and open ones change; once the first one is gone.
    const sealed = parts.slice(time === 40 ? 1 : 0, 3 + Math.floor(time / 20))
    const tail = 6 + below(10)
    const asked = [...sealed, ...parts.slice(tail, tail + below(4))]
    const [found, expected] = [await latest.of(asked), await MergedTraces.of(asked)]
    expect(found.length).toBe(expected.length)
    for (let trace = 0; trace < expected.length; trace++) {
      expect(found.detail(trace)).toEqual(expected.detail(trace))
      expect(found.find(expected.id(trace))).toBe(trace)
    }
  }
})
