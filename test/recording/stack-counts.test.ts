import { expect, test } from 'vitest'
import { buildCallTree } from '../../src/recording/call-tree.ts'
import { MergedCallTree } from '../../src/recording/merged-call-tree.ts'
import type { Recording } from '../../src/recording/schema.ts'
import { buildStackCounts } from '../../src/recording/stack-counts.ts'
import { listThreads } from '../../src/recording/threads.ts'
import { internSet } from '../helpers/push-rows.ts'
import { builderFromText } from '../helpers/recording-from-text.ts'
import { randomRecording } from '../helpers/recordings.ts'

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
  for (const endpoint of [undefined, 'GET /orders', '', 'nobody asked for this']) {
    const bySamples = new MergedCallTree()
    const byCounts = new MergedCallTree()
    for (const recording of recordings) {
      for (const { id } of listThreads(recording)) {
        bySamples.add(recording, buildCallTree(recording, id, endpoint === undefined ? {} : { endpoint }))
      }
      byCounts.addCounts(buildStackCounts(recording), endpoint)
    }
    // Samples for no endpoint are told apart from those for one of an empty name by nobody.
    if (endpoint !== '') expect(asText(byCounts)).toEqual(asText(bySamples))
    if (endpoint === undefined) expect(asText(byCounts).length).toBeGreaterThan(10)
  }
})

test('an endpoint that is not there adds nothing, and says so', () => {
  const merged = new MergedCallTree()
  expect(merged.addCounts(buildStackCounts(server()), 'GET /nothing')).toBe(false)
  expect(merged.addCounts(buildStackCounts(server()), 'GET /orders')).toBe(true)
  expect(asText(merged)).toEqual(['main 1 (0) ×1', 'main › load 1 (1) ×1'])
})

function asText(merged: MergedCallTree): string[] {
  const { frames, frame, parent, self, total, samples } = merged.finish()
  const path = (node: number): string =>
    (parent[node]! < 0 ? '' : `${path(parent[node]!)} › `) + frames.name[frame[node]!]!
  return frame
    .map((_, node) => `${path(node)} ${total[node]! / 1e6} (${self[node]! / 1e6}) ×${samples[node]!}`)
    .sort()
}
