// As production does: 1 trace in 100 is sampled, in a program that knows nothing of it. Prints the ids of sampled spans.
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { MicrologInstrumentation } from 'microlog'

const sdk = new NodeSDK({ instrumentations: [new MicrologInstrumentation({ sampleDelay: 0.002 })] })
sdk.start()

function burn(ms) {
  const end = performance.now() + ms
  let x = 0
  while (performance.now() < end) for (let i = 0; i < 500; i++) x += Math.sqrt(i)
  return x
}

const tracer = trace.getTracer('sampled-traces')
const sampled = []
const spans = Number(process.argv[2])
for (let i = 0; i < spans; i++) {
  await tracer.startActiveSpan('GET', { attributes: { 'http.route': '/orders' } }, async span => {
    await null
    tracer.startActiveSpan('inner', inner => {
      if (i % 50 === 0) console.log(`line ${i} ${inner.spanContext().traceId}`)
      burn(3)
      inner.end()
    })
    if (span.isRecording()) sampled.push(span.spanContext().traceId)
    span.end()
  })
}
console.log(`sampled ${JSON.stringify(sampled)}`)
await sdk.shutdown()
