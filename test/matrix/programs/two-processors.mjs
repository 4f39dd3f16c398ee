// withMicrolog where there are both `spanProcessors` and a `traceExporter`.
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { withMicrolog } from 'microlog'

const counter = {
  onStart() {},
  onEnd() {
    console.log('counted')
  },
  forceFlush: async () => {},
  shutdown: async () => {}
}
const sdk = new NodeSDK(
  withMicrolog({
    serviceName: 'processors',
    traceExporter: new OTLPTraceExporter(),
    spanProcessors: [counter]
  })
)
sdk.start()
trace.getTracer('processors').startSpan('exported').end()
await sdk.shutdown()
