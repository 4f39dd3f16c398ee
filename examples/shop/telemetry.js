// Loaded before the program: node --import ./telemetry.js shop.js
// A stock OpenTelemetry set-up. The one line about Microlog is its instrumentation: from then on stacks, console
// calls and process figures are recorded next to the spans. OTEL_EXPORTER_OTLP_ENDPOINT says where all of it goes
// (http://localhost:4318, the collector's port, when it isn't set).
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { MicrologInstrumentation } from 'microlog'

const sdk = new NodeSDK({
  serviceName: process.env.OTEL_SERVICE_NAME ?? 'shop',
  traceExporter: new OTLPTraceExporter(),
  instrumentations: [new HttpInstrumentation(), new UndiciInstrumentation(), new MicrologInstrumentation()]
})
sdk.start()

// The services close their servers on SIGTERM, and then nothing is left to do: the last spans leave here.
process.once('beforeExit', () => sdk.shutdown().catch(error => console.error('telemetry:', error.message)))
