// A stock NodeSDK, one span with a log call in it, and the way out that argv names.
import { trace } from '@opentelemetry/api'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { MicrologInstrumentation } from 'microlog'

const sdk = new NodeSDK({
  serviceName: process.env.TEST_SERVICE,
  instrumentations: [new MicrologInstrumentation()]
})
sdk.start()
trace.getTracer('test').startActiveSpan('work', span => {
  console.warn('inside')
  span.end()
})
const way = process.argv[2]
if (way === 'shutdown') await sdk.shutdown()
if (way === 'exit') process.exit(3)
if (way === 'throw') throw new Error('on purpose')
