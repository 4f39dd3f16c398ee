// How long the flame graph of one endpoint over 40 recordings of an hour takes, asked of a running collector, before and
// after compaction. An argument is the number of recordings.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Compactor } from '../dist/collector/compaction/compactor.js'
import { takeCompactionTurn } from '../dist/collector/compaction/take-turn.js'
import { SegmentEncoder } from '../dist/collector/encoding/segment-encoder.js'
import { openStore } from '../dist/collector/open-store.js'
import { askCollector } from './data/ask-collector.mjs'
import { endpoints, fillStore, hourMs, startMs } from './data/hour-store.mjs'

const rounds = 5

export async function measure([count = '40']) {
  const recordings = Number(count)
  const store = await mkdtemp(join(tmpdir(), 'microlog-benchmark-'))
  try {
    const { catalog } = await openStore(store)
    const samples = await fillStore(catalog, recordings)
    const before = await askCollector(store, collector => askAll(collector, 1))
    const seconds = await compact(store)
    const after = await askCollector(store, collector => askAll(collector, rounds))
    return table({ recordings, samples, before, after, seconds })
  } finally {
    await rm(store, { recursive: true, force: true })
  }
}

async function compact(store) {
  const { root, catalog } = await openStore(store)
  const merger = new SegmentEncoder()
  const compactor = new Compactor({
    catalog,
    merge: job => merger.merge(job),
    takeTurn: () => takeCompactionTurn(root),
    limits: { hourQuietMs: 0, dayQuietMs: Infinity },
    keepReplacedMs: 0
  })
  const began = performance.now()
  await compactor.run()
  const seconds = (performance.now() - began) / 1000
  await merger.close()
  return seconds
}

/** ms of each question: the first one after the start, and the median of some more. */
async function askAll({ uiUrl }, more) {
  const endpoint = encodeURIComponent(endpoints[2])
  const questions = [
    ['one endpoint', `endpoint=${endpoint}`],
    ['one endpoint of one version', `endpoint=${endpoint}&version=2`],
    ['everything', `from=${startMs}&to=${startMs + 2 * hourMs}`]
  ]
  const answers = []
  for (const [what, query] of questions) {
    const url = `${uiUrl}/api/flame?${query}`
    const first = await ask(url)
    const times = []
    for (let round = 0; round < more; round++) times.push((await ask(url)).ms)
    answers.push({
      what,
      first: first.ms,
      median: times.sort((a, b) => a - b)[more >> 1],
      nodes: first.nodes
    })
  }
  return answers
}

async function ask(url) {
  const began = performance.now()
  const { nodes } = await (await fetch(url)).json()
  return { ms: performance.now() - began, nodes: nodes.frame.length }
}

function table({ recordings, samples, before, after, seconds }) {
  return [
    `## Flame graphs over ${recordings} recordings of an hour (Node ${process.versions.node})`,
    '',
    `\`npm run benchmark query\`: ${samples} samples at 20 ms, asked of a running collector; in this order; ms, the first time and again.`,
    '',
    '| question | before compaction | again | after compaction | **again** | nodes |',
    '|---|---|---|---|---|---|',
    ...after.map(
      ({ what, first, median, nodes }, i) =>
        `| ${what} | ${before[i].first.toFixed(0)} | ${before[i].median.toFixed(0)} | ${first.toFixed(0)} | **${median.toFixed(0)}** | ${nodes} |`
    ),
    '',
    `Compaction took ${seconds.toFixed(0)} s in its thread, ${(seconds / recordings).toFixed(1)} s for each hour.`
  ].join('\n')
}
