// Talks to the report's worker thread: started at the first report, told to end when the shop closes.
// The trace goes along with each question, as it would in the headers of a request.
import { context, propagation } from '@opentelemetry/api'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export function createReportWorker() {
  const waiting = new Map()
  let worker
  let nextId = 1

  function start() {
    const started = new Worker(new URL('./report-worker.js', import.meta.url))
    started.on('message', ({ id, report }) => {
      waiting.get(id)?.resolve(report)
      waiting.delete(id)
    })
    started.on('error', error => console.error('report worker:', error))
    started.on('exit', () => {
      for (const { reject } of waiting.values()) reject(new Error('the report worker ended'))
      waiting.clear()
      worker = undefined
    })
    return started
  }

  return {
    calculate(orders) {
      worker ??= start()
      const id = nextId++
      const headers = {}
      propagation.inject(context.active(), headers)
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        worker.postMessage({ id, headers, orders })
      })
    },
    async close() {
      if (!worker) return
      const ended = once(worker, 'exit')
      worker.postMessage('end')
      await ended
    }
  }
}
