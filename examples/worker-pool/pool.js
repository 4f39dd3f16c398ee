// A pool of worker threads that count words: node --import microlog/register pool.js [texts]
// Each task goes to the first free thread, with the trace that asks for it.
import { context, propagation, trace } from '@opentelemetry/api'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'

function createPool(size) {
  const threads = Array.from({ length: size }, (_, i) => {
    return new Worker(new URL('./count-words.js', import.meta.url), { name: `counter ${i + 1}` })
  })
  const free = [...threads]
  const waiting = []

  function next() {
    if (free.length === 0 || waiting.length === 0) return
    const thread = free.pop()
    const { text, headers, resolve } = waiting.shift()
    thread.once('message', words => {
      free.push(thread)
      resolve(words)
      next()
    })
    thread.postMessage({ text, headers })
  }

  return {
    count(text) {
      const headers = {}
      propagation.inject(context.active(), headers)
      return new Promise(resolve => {
        waiting.push({ text, headers, resolve })
        next()
      })
    },
    close() {
      for (const thread of threads) thread.postMessage({})
      return Promise.all(threads.map(thread => once(thread, 'exit')))
    }
  }
}

const tracer = trace.getTracer('worker-pool')
const texts = Number(process.argv[2] ?? 40)
const pool = createPool(Math.min(4, Math.max(2, availableParallelism())))

await tracer.startActiveSpan('count all texts', async span => {
  const counts = await Promise.all(
    Array.from({ length: texts }, (_, i) => pool.count(`the quick brown fox number ${i} `.repeat(20_000)))
  )
  console.log(`${counts.length} texts, ${counts.reduce((sum, words) => sum + words, 0)} words`)
  span.end()
})
await pool.close()
