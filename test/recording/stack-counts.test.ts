import { expect, test } from 'vitest'
import { buildCallTree } from '../../src/recording/call-tree.ts'
import type { CallTree } from '../../src/recording/call-tree.ts'
import { MergedCallTree } from '../../src/recording/merged-call-tree.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { buildStackCounts } from '../../src/recording/stack-counts.ts'
import { listThreads } from '../../src/recording/threads.ts'
import { internSet } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { randomRecording } from '../helpers/recordings.ts'

const anywhere = { row: 0, time: 0 }

function server(): Recording {
  const builder = builderFromText(`
    0ms      1ms      2ms     3ms      4ms
    (root)   (root)   (root)  (root)   (root)
    main     main     (idle)  main     main
    load     load             store
  `)
  const sets = ['GET /orders', 'POST /carts'].map(route => internSet(builder, { 'microlog.endpoint': route }))
  const { array } = builder.table('samples').columns.find(({ name }) => name === 'attributes')!
  array.set([sets[0]!, sets[1]!, sets[0]!, sets[1]!, 0])
  return builder.snapshot()
}

function countsAsText(recording: Recording): string[] {
  const { frames, nodes, endpoints, endpoint, node, samples, self } = buildStackCounts(recording)
  const path = (at: number): string =>
    (nodes.parent[at]! < 0 ? '' : `${path(nodes.parent[at]!)} › `) + frames.name[nodes.frame[at]!]!
  return Array.from(
    node,
    (at, row) => `${endpoints[endpoint[row]!]}: ${path(at)} ${self[row]! / 1e6} ×${samples[row]}`
  )
}

test('each endpoint has the innermost calls of its samples, without idle time and V8’s root', () => {
  expect(countsAsText(server())).toEqual([
    'GET /orders: main › load 1 ×1',
    'POST /carts: main › load 1 ×1',
    'POST /carts: main › store 1 ×1',
    ': main 1 ×1'
  ])
})

test('a flame graph of counts is that of the samples, of all and of one endpoint', () => {
  const recordings = [server(), ...Array.from({ length: 20 }, (_, seed) => randomRecording(seed, 200))]
  for (const endpoint of [undefined, 'GET /orders', 'nobody asked for this']) {
    const byCounts = new MergedCallTree()
    const bySamples = new Map<string, PathSum>()
    for (const recording of recordings) {
      const filter = endpoint === undefined ? {} : { endpoint }
      for (const { id } of listThreads(recording)) {
        sumPaths(bySamples, { recording, tree: buildCallTree(recording, id, filter) })
      }
      byCounts.addCounts(buildStackCounts(recording), anywhere, endpoint)
    }
    const lines = [...bySamples].map(([path, { self, total, samples }]) => lineOf(path, self, total, samples))
    expect(mergedAsText(byCounts)).toEqual(lines.sort())
    if (endpoint === undefined) expect(lines.length).toBeGreaterThan(10)
  }
})

test('counts of a part of the time are those of its samples', () => {
  const counts = buildStackCounts(server(), { from: 1e6, to: 3e6 })
  expect([counts.endpoints, [...counts.samples], [...counts.self]]).toEqual([['POST /carts'], [1], [1e6]])
})

test('an endpoint that is not there adds nothing, and says so', () => {
  const merged = new MergedCallTree()
  expect(merged.addCounts(buildStackCounts(server()), anywhere, 'GET /nothing')).toBe(false)
  expect(merged.addCounts(buildStackCounts(server()), anywhere, 'GET /orders')).toBe(true)
  expect(mergedAsText(merged)).toEqual([
    'main file:///app.js:1 1000000 (0) ×1',
    'main file:///app.js:1 › load file:///app.js:1 1000000 (1000000) ×1'
  ])
})

interface PathSum {
  self: number
  total: number
  samples: number
}

/** To the ns: sums come in another order. */
function lineOf(path: string, self: number, total: number, samples: number): string {
  return `${path} ${Math.round(total)} (${Math.round(self)}) ×${samples}`
}

function sumPaths(
  sums: Map<string, PathSum>,
  { recording: { frames, strings }, tree }: { recording: Recording; tree: CallTree }
): void {
  const paths: string[] = []
  for (let node = 0; node < tree.length; node++) {
    const frame = tree.frame[node]!
    const own =
      frame < 0
        ? ' :0'
        : `${strings[frames.name[frame]!]} ${strings[frames.url[frame]!]}:${frames.line[frame]}`
    const path = tree.parent[node]! < 0 ? own : `${paths[tree.parent[node]!]} › ${own}`
    paths.push(path)
    const known = sums.get(path) ?? { self: 0, total: 0, samples: 0 }
    sums.set(path, {
      self: known.self + tree.self[node]!,
      total: known.total + tree.total[node]!,
      samples: known.samples + tree.samples[node]!
    })
  }
}

function mergedAsText(merged: MergedCallTree): string[] {
  const { frames, frame, parent, self, total, samples } = merged.finish()
  const path = (node: number): string => {
    const row = frame[node]!
    const own = `${frames.name[row]} ${frames.url[row]}:${frames.line[row]}`
    return parent[node]! < 0 ? own : `${path(parent[node]!)} › ${own}`
  }
  return frame.map((_, node) => lineOf(path(node), self[node]!, total[node]!, samples[node]!)).sort()
}
