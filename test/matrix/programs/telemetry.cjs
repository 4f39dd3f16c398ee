// As in the README, in CommonJS.
const { NodeSDK } = require('@opentelemetry/sdk-node')
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http')
const { MicrologInstrumentation } = require('microlog')

new NodeSDK({
  serviceName: 'service',
  traceExporter: new OTLPTraceExporter(),
  instrumentations: [new MicrologInstrumentation()]
}).start()
