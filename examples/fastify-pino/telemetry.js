// Loaded before the program: node --import ./telemetry.js app.js
// OTEL_EXPORTER_OTLP_ENDPOINT says where all of it goes (http://localhost:4318, the collector's port, when it isn't set).
import { FastifyOtelInstrumentation } from '@fastify/otel'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { MicrologInstrumentation } from 'microlog'

const sdk = new NodeSDK({
  serviceName: process.env.OTEL_SERVICE_NAME ?? 'invoices',
  traceExporter: new OTLPTraceExporter(),
  instrumentations: [
    new HttpInstrumentation(),
    new FastifyOtelInstrumentation({ registerOnInitialization: true }),
    new MicrologInstrumentation()
  ]
})
sdk.start()

// The program closes its server on SIGTERM, and then nothing is left to do: the last spans leave here.
process.once('beforeExit', () => sdk.shutdown().catch(error => console.error('telemetry:', error.message)))
