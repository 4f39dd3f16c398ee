// One thread of the pool: continues the trace of whoever asks, counts, answers.
import { context, propagation, trace } from '@opentelemetry/api'
import { parentPort } from 'node:worker_threads'

const tracer = trace.getTracer('worker-pool')

parentPort.on('message', ({ text, headers }) => {
  // No more to come: the thread ends by itself, and nothing it has recorded is lost.
  if (text === undefined) return parentPort.close()
  const asker = propagation.extract(context.active(), headers)
  tracer.startActiveSpan('count words', {}, asker, span => {
    const words = countWords(text)
    console.debug(`${words} words`)
    span.end()
    parentPort.postMessage(words)
  })
})

function countWords(text) {
  return text.split(/\s+/).filter(Boolean).length
}
