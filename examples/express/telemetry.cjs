// Loaded before the program: node --require ./telemetry.cjs app.cjs
// OTEL_EXPORTER_OTLP_ENDPOINT says where all of it goes (http://localhost:4318, the collector's port, when it isn't set).
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http')
const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express')
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http')
const { NodeSDK } = require('@opentelemetry/sdk-node')
const { MicrologInstrumentation } = require('microlog')

const sdk = new NodeSDK({
  serviceName: process.env.OTEL_SERVICE_NAME ?? 'accounts',
  traceExporter: new OTLPTraceExporter(),
  instrumentations: [new HttpInstrumentation(), new ExpressInstrumentation(), new MicrologInstrumentation()]
})
sdk.start()

// The program closes its server on SIGTERM, and then nothing is left to do: the last spans leave here.
process.once('beforeExit', () => sdk.shutdown().catch(error => console.error('telemetry:', error.message)))
