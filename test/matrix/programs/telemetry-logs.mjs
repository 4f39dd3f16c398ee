// A set-up that sends logs by OpenTelemetry's own instrumentations as well: OTEL_LOGS_EXPORTER=otlp.
import { BunyanInstrumentation } from '@opentelemetry/instrumentation-bunyan'
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino'
import { WinstonInstrumentation } from '@opentelemetry/instrumentation-winston'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { register } from 'node:module'
import { MicrologInstrumentation } from 'microlog'

register('@opentelemetry/instrumentation/hook.mjs', import.meta.url)
const sdk = new NodeSDK({
  instrumentations: [
    new PinoInstrumentation(),
    new WinstonInstrumentation(),
    new BunyanInstrumentation(),
    new MicrologInstrumentation()
  ]
})
sdk.start()
process.once('beforeExit', () => sdk.shutdown())
