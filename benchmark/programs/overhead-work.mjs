// One program under test: does the work it is told by IPC, and answers with the CPU time that took. Arguments: what is
// recorded (nothing, tracing, unlinked, linked), where to, how many rounds of `burn` make a microsecond.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { trace } from '@opentelemetry/api'
import { burn } from './burn.mjs'

const [mode, otlpUrl, rounds] = process.argv.slice(2)
const roundsPerUs = Number(rounds)
if (mode === 'linked' || mode === 'unlinked') {
  const { start } = await import('../../dist/instrumentation/index.js')
  start({ otlpUrl, label: 'overhead', linkSpans: mode === 'linked' })
}
if (mode !== 'nothing') await startSdk()
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

const handlers = {
  '/short': () =>
    span('GET /short', async () => {
      burnUs(100)
      await span('query', () => turn())
      burnUs(100)
    }),
  '/long': () =>
    span('GET /long', async () => {
      for (let i = 0; i < 4; i++) {
        burnUs(250)
        await span(`query ${i}`, () => turn())
        burnUs(250)
      }
      console.log('order %d of %s is placed', 17, 'somebody')
      console.log({ order: 17, total: 12.5 })
    })
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
  logs: ({ calls }) => atDepth(30, () => repeat(calls, () => console.log('a line of the program'))),
  spans: ({ calls }) => {
    const options = {}
    atDepth(30, () => repeat(calls, () => tracer.startSpan('query', options)))
  },
  rest: ({ ms }) => sleep(ms)
}

function repeat(times, run) {
  for (let i = 0; i < times; i++) run()
}

function atDepth(frames, run) {
  return frames > 1 ? atDepth(frames - 1, run) : run()
}

/** µs of CPU: the main thread's where the system tells, and the whole process's. */
function usage() {
  const { user, system } = process.cpuUsage()
  return { main: mainThreadUs(), process: user + system }
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
  await tasks[message.task](message)
  const after = usage()
  began = after
  process.send({ main: after.main - before.main, process: after.process - before.process })
})
process.on('disconnect', () => process.exit())
