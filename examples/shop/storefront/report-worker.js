// The worker thread: continues the trace of whoever asks, calculates, answers.
import { context, propagation, trace } from '@opentelemetry/api'
import { parentPort } from 'node:worker_threads'
import { forecastDemand } from './forecast-demand.js'

const tracer = trace.getTracer('shop-reports')

parentPort.on('message', message => {
  if (message === 'end') return parentPort.close()
  const { id, headers, orders } = message
  const asker = propagation.extract(context.active(), headers)
  tracer.startActiveSpan('calculate report', {}, asker, span => {
    console.debug(`forecast over ${orders.length} orders`)
    const report = { orders: orders.length, demand: forecastDemand(orders) }
    parentPort.postMessage({ id, report })
    span.end()
  })
})
