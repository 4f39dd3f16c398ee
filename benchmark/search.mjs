// How long a running collector takes to answer what people ask of a million traces and 800,000 logs, and for how long others
// wait meanwhile. An argument is the number of segments, of 50,000 traces each.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openStore } from '../dist/collector/open-store.js'
import { askCollector } from './data/ask-collector.mjs'
import { median } from './data/statistics.mjs'
import { fillTraceStore, startMs } from './data/trace-store.mjs'

const rounds = 5

export async function measure([count = '20']) {
  const store = await mkdtemp(join(tmpdir(), 'microlog-benchmark-'))
  try {
    const { catalog } = await openStore(store)
    const filled = await fillTraceStore(catalog, Number(count))
    return table(filled, await askCollector(store, collector => askAll(collector, filled, Number(count))))
  } finally {
    await rm(store, { recursive: true, force: true })
  }
}

async function askAll({ uiUrl }, { known }, segments) {
  const middleMs = startMs + (segments * 60_000) / 2
  const questions = [
    ['a trace by its id', `traces/${known}`],
    ['the newest 100 traces', 'traces?limit=100'],
    ['… of a service', 'traces?limit=100&service=stock'],
    ['… by a part of the name', 'traces?limit=100&name=checkout'],
    ['… of at least 500 ms', 'traces?limit=100&minDurationMs=500'],
    ['… with errors', 'traces?limit=100&error=true'],
    ['… within a minute', `traces?limit=100&from=${middleMs}&to=${middleMs + 60_000}`],
    ['… by an attribute', 'traces?limit=100&attr=user.id:user-19999'],
    ['log lines with a text', 'logs?limit=100&q=user-19999 is']
  ]
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const answers = []
  for (const [what, path] of questions) {
    const url = `${uiUrl}/api/${path}`
    const first = await askOften(url, 1, delay)
    const again = await askOften(url, rounds, delay)
    answers.push({
      what,
      first: first.ms,
      firstWaitMs: first.waitMs,
      median: again.ms,
      waitMs: again.waitMs,
      found: again.found
    })
  }
  return answers
}

/** The median of their times, and the longest that the event loop did not turn meanwhile. */
async function askOften(url, times, delay) {
  const asked = []
  delay.reset()
  delay.enable()
  for (let time = 0; time < times; time++) asked.push(await ask(url))
  delay.disable()
  return { ms: median(asked.map(({ ms }) => ms)), waitMs: delay.max / 1e6, found: asked[0].found }
}

async function ask(url) {
  const began = performance.now()
  const answer = await (await fetch(url)).json()
  return { ms: performance.now() - began, found: answer.items?.length ?? 1 }
}

function table({ traces, logs }, answers) {
  return [
    `## Questions to ${traces} traces and ${logs} logs (Node ${process.versions.node})`,
    '',
    '`npm run benchmark search`: asked of a running collector; ms. Others wait: the longest that its event loop did not turn.',
    '',
    '| question | found | the first time | others wait | **again** | others wait |',
    '|---|---|---|---|---|---|',
    ...answers.map(
      ({ what, found, first, firstWaitMs, median, waitMs }) =>
        `| ${what} | ${found} | ${first.toFixed(1)} | ${firstWaitMs.toFixed(1)} | **${median.toFixed(1)}** | ${waitMs.toFixed(1)} |`
    )
  ].join('\n')
}
