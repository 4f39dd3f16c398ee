// As in the README.
import { NodeSDK } from '@opentelemetry/sdk-node'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { MicrologInstrumentation } from 'microlog'

new NodeSDK({
  serviceName: 'service',
  traceExporter: new OTLPTraceExporter(),
  instrumentations: [new MicrologInstrumentation()]
}).start()
