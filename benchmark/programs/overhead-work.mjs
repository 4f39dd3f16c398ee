// One program under test: does the work it is told by IPC, and answers with the CPU time that took. Arguments: what is
// recorded (nothing, tracing, unlinked, linked, datadog, pyroscope, or datadog-kept for one whose profile is only taken when
// asked for), where to, how many rounds of `burn` make a microsecond,
// µs between two samples, the folder of the peers' packages.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { trace } from '@opentelemetry/api'
import { burn } from './burn.mjs'

const [mode, otlpUrl, rounds, interval, peers] = process.argv.slice(2)
const roundsPerUs = Number(rounds)
const intervalUs = Number(interval)
if (mode === 'linked' || mode === 'unlinked') {
  const { start } = await import('../../dist/instrumentation/index.js')
  start({ otlpUrl, label: 'overhead', sampleDelay: intervalUs / 1e6, linkSpans: mode === 'linked' })
}
if (mode !== 'nothing') await startSdk()
let takeProfile
if (mode === 'datadog' || mode === 'datadog-kept' || mode === 'pyroscope') {
  const { startDatadog, startPyroscope } = await import('./peers.mjs')
  if (mode === 'pyroscope') startPyroscope(peers, intervalUs, otlpUrl)
  else takeProfile = startDatadog(peers, intervalUs, mode === 'datadog')
}
const tracer = trace.getTracer('overhead')
const burnUs = us => burn(us * roundsPerUs)

async function startSdk() {
  const { NodeSDK, tracing } = await import('@opentelemetry/sdk-node')
  const discard = {
    export: (_spans, done) => done({ code: 0 }),
    shutdown: async () => {},
    forceFlush: async () => {}
  }
  new NodeSDK({
    spanProcessors: [new tracing.BatchSpanProcessor(discard, { maxQueueSize: 20_000 })],
    instrumentations: [],
    metricReaders: [],
    logRecordProcessors: []
  }).start()
}

function span(name, run) {
  return tracer.startActiveSpan(name, async active => {
    try {
      return await run()
    } finally {
      active.end()
    }
  })
}

async function workAndWait() {
  for (let i = 0; i < 4; i++) {
    burnUs(250)
    await span(`query ${i}`, () => turn())
    burnUs(250)
  }
}

const handlers = {
  '/empty': () => span('GET /empty', () => span('query', () => turn())),
  '/short': () =>
    span('GET /short', async () => {
      burnUs(100)
      await span('query', () => turn())
      burnUs(100)
    }),
  '/long': () =>
    span('GET /long', async () => {
      await workAndWait()
      console.log('order %d of %s is placed', 17, 'somebody')
      console.log({ order: 17, total: 12.5 })
    }),
  '/quiet': () => span('GET /quiet', workAndWait)
}
const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  void handlers[request.url]().then(() => response.end('{"ok":true}'))
}).listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

const tasks = {
  begin() {},
  end() {},
  burn: ({ us }) => {
    // In slices: a loop that never turns would keep any recorder from its work.
    const slices = Math.ceil(us / 5000)
    return (async () => {
      for (let i = 0; i < slices; i++) {
        burnUs(5000)
        await turn()
      }
    })()
  },
  rest: ({ ms }) => sleep(ms),
  memory: () => ({ rss: process.memoryUsage.rss() }),
  /** The peer's profile so far: how many bytes. */
  take: ({ withTimes }) => takeProfile(withTimes)
}

/** µs of CPU: the main thread's where the system tells, and the whole process's; and µs on the clock. */
function usage() {
  const { user, system } = process.cpuUsage()
  return { main: mainThreadUs(), process: user + system, wall: performance.now() * 1000 }
}

function mainThreadUs() {
  if (process.threadCpuUsage !== undefined) {
    const { user, system } = process.threadCpuUsage()
    return user + system
  }
  try {
    return (
      Number(readFileSync(`/proc/${process.pid}/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1000
    )
  } catch {
    return NaN
  }
}

let began = usage()
process.on('message', async message => {
  const before = message.task === 'end' ? began : usage()
  const result = await tasks[message.task](message)
  const after = usage()
  began = after
  process.send({
    ...Object.fromEntries(Object.keys(after).map(key => [key, after[key] - before[key]])),
    ...result
  })
})
process.on('disconnect', () => process.exit())
