// An application with OpenTelemetry's own instrumentations of loggers, and ours. argv: where its packages are.
import { createRequire } from 'node:module'
import { start } from 'microlog'

const load = createRequire(`${process.argv[2]}/program.cjs`)
const { NodeSDK, logs } = load('@opentelemetry/sdk-node')
const { OTLPLogExporter } = load('@opentelemetry/exporter-logs-otlp-proto')
const { trace } = load('@opentelemetry/api')
const instrumentations = ['winston', 'pino', 'bunyan'].map(name => {
  const exported = load(`@opentelemetry/instrumentation-${name}`)
  return new exported[`${name[0].toUpperCase()}${name.slice(1)}Instrumentation`]()
})
start()
const exporter = new OTLPLogExporter({ url: `${process.env.MICROLOG_OTLP_URL}/v1/logs` })
const sdk = new NodeSDK({
  serviceName: 'shop',
  instrumentations,
  logRecordProcessors: [new logs.SimpleLogRecordProcessor({ exporter })],
  spanProcessors: [{ onStart() {}, onEnd() {}, forceFlush: async () => {}, shutdown: async () => {} }],
  metricReaders: []
})
sdk.start()
const winston = load('winston')
const loggers = {
  winston: winston.createLogger({ transports: [new winston.transports.Console()] }),
  pino: load('pino')(),
  bunyan: load('bunyan').createLogger({ name: 'shop' })
}
trace.getTracer('shop').startActiveSpan('order', span => {
  for (const [name, logger] of Object.entries(loggers)) logger.warn(`${name} warns`)
  span.end()
})
await sdk.shutdown()
