// One program under test: logs or starts spans as often as it is told by IPC, from as deep a stack. Arguments: what is
// recorded (nothing, calls), and where to. What it prints goes where its stdout goes: nowhere.
import { trace } from '@opentelemetry/api'

const [mode, otlpUrl] = process.argv.slice(2)
if (mode !== 'nothing') {
  const { start } = await import('../../dist/instrumentation/index.js')
  start({ otlpUrl, label: 'calls', eventsPerSecond: 100_000 })
}
const { NodeSDK, tracing } = await import('@opentelemetry/sdk-node')
const discard = {
  export: (_, done) => done({ code: 0 }),
  shutdown: async () => {},
  forceFlush: async () => {}
}
new NodeSDK({
  spanProcessors: [new tracing.BatchSpanProcessor(discard)],
  instrumentations: [],
  metricReaders: [],
  logRecordProcessors: []
}).start()

const works = {
  log: () => console.log('order %d of %s is placed', 17, 'somebody'),
  stack: () => {
    console.log('order %d of %s is placed', 17, 'somebody')
    return new Error().stack
  },
  span: () => tracer.startSpan('query', spanOptions),
  newSpan: () => tracer.startSpan(`query ${started++}`, spanOptions)
}
const tracer = trace.getTracer('calls')
const spanOptions = {}
let started = 0

function atDepth(frames, run) {
  return frames > 1 ? atDepth(frames - 1, run) : run()
}

Error.stackTraceLimit = 100
process.on('message', ({ work, frames, calls, inSpan }) => {
  const run = () =>
    atDepth(frames, () => {
      for (let i = 0; i < calls; i++) works[work]()
    })
  if (inSpan) {
    tracer.startActiveSpan('work', span => {
      run()
      span.end()
    })
  } else run()
  process.send('done')
})
process.on('disconnect', () => process.exit())
process.send('ready')
