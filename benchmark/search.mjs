// How long a running collector takes to answer what people ask of a million traces and 800,000 logs, and for how long others
// wait meanwhile. An argument is the number of segments, of 50,000 traces each.
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { askCollector } from './data/ask-collector.mjs'
import { idsOf, postSpans, withFreshIds } from './data/fresh-spans.mjs'
import { getText } from './data/get-text.mjs'
import { otlpRequests } from './data/otlp-recording.mjs'
import { median } from './data/statistics.mjs'
import { startMs } from './data/trace-store.mjs'

const rounds = 25
const shop = new URL('../test/fixtures/otlp/shop/spans-5k.lp.bin', import.meta.url)

export async function measure([count = '20']) {
  const store = await mkdtemp(join(tmpdir(), 'microlog-benchmark-'))
  try {
    const filled = await fill(store, Number(count))
    return table(filled, await askCollector(store, collector => askAll(collector, filled, Number(count))))
  } finally {
    await rm(store, { recursive: true, force: true })
  }
}

async function fill(store, segments) {
  const program = new URL('programs/fill-trace-store.mjs', import.meta.url)
  const filling = new Worker(program, { workerData: { store, segments } })
  const [filled] = await once(filling, 'message')
  await filling.terminate()
  return filled
}

async function askAll(collector, { known }, segments) {
  const middleMs = startMs + (segments * 60_000) / 2
  const questions = [
    ['whether it is there', 'healthz'],
    ['a trace by its id', `api/traces/${known}`],
    ['the newest 100 traces', 'api/traces?limit=100'],
    ['… of a service', 'api/traces?limit=100&service=stock'],
    ['… by a part of the name', 'api/traces?limit=100&name=checkout'],
    ['… of at least 500 ms', 'api/traces?limit=100&minDurationMs=500'],
    ['… with errors', 'api/traces?limit=100&error=true'],
    ['… within a minute', `api/traces?limit=100&from=${middleMs}&to=${middleMs + 60_000}`],
    ['… by an attribute', 'api/traces?limit=100&attr=user.id:user-19999'],
    ['log lines with a text', 'api/logs?limit=100&q=user-19999%20is'],
    ['the newest 100 traces while spans come in', 'api/traces?limit=100', await spanSender(collector)]
  ]
  const answers = []
  for (const [what, path, before] of questions) {
    const first = await askOften(collector, path, 1, before)
    const again = await askOften(collector, path, rounds, before)
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
async function askOften({ uiUrl, watch }, path, times, before = () => {}) {
  const { result: asked, longestMs } = await watch(async () => {
    const asked = []
    for (let time = 0; time < times; time++) {
      await before()
      asked.push(await ask(`${uiUrl}/${path}`))
    }
    return asked
  })
  return { ms: median(asked.map(({ ms }) => ms)), waitMs: longestMs, found: asked[0].found }
}

/** Sends some thousand spans, which the next question has to count in. */
async function spanSender({ url }) {
  const [template] = otlpRequests(await readFile(shop))
  const body = { template, ids: idsOf(template) }
  return () => postSpans(undefined, url, withFreshIds(body))
}

async function ask(url) {
  const began = performance.now()
  const text = await getText(url)
  return { ms: performance.now() - began, found: JSON.parse(text).items?.length ?? 1 }
}

function table({ traces, logs }, answers) {
  return [
    `## Questions to ${traces} traces and ${logs} logs (Node ${process.versions.node})`,
    '',
    '`npm run benchmark search`: asked of a collector in a process of its own; ms. Others wait: the longest that its event loop did not turn.',
    '',
    '| question | found | the first time | others wait | **again** | others wait |',
    '|---|---|---|---|---|---|',
    ...answers.map(
      ({ what, found, first, firstWaitMs, median, waitMs }) =>
        `| ${what} | ${found} | ${first.toFixed(1)} | ${firstWaitMs.toFixed(1)} | **${median.toFixed(1)}** | ${waitMs.toFixed(1)} |`
    )
  ].join('\n')
}
