// A span here and one in a worker thread.
import { isMainThread, Worker } from 'node:worker_threads'
import { trace } from '@opentelemetry/api'

trace.getTracer('thread').startActiveSpan(isMainThread ? 'ask' : 'answer', span => {
  console.log(span.isRecording() ? 'recorded' : 'not recorded')
  if (isMainThread) new Worker(new URL(import.meta.url)).on('exit', () => span.end())
  else span.end()
})
