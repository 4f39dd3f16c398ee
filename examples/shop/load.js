// Drives load to the shop: node load.js [--shop URL] [--seconds 30] [--visitors 4] [--seed 1]
import { parseArgs } from 'node:util'
import { driveLoad } from './load/drive-load.js'

const { values } = parseArgs({
  options: {
    shop: { type: 'string', default: 'http://127.0.0.1:3000' },
    seconds: { type: 'string', default: '30' },
    visitors: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' }
  }
})

const counts = new Map()
const stop = new AbortController()
setTimeout(() => stop.abort(), Number(values.seconds) * 1000)
process.once('SIGINT', () => stop.abort())

await driveLoad({
  shopUrl: values.shop,
  visitors: Number(values.visitors),
  seed: Number(values.seed),
  signal: stop.signal,
  onAnswer({ name, status, durationMs }) {
    const key = `${name} → ${status || 'no answer'}`
    const { requests = 0, totalMs = 0, slowestMs = 0 } = counts.get(key) ?? {}
    counts.set(key, {
      requests: requests + 1,
      totalMs: totalMs + durationMs,
      slowestMs: Math.max(slowestMs, durationMs)
    })
  }
})

for (const [key, { requests, totalMs, slowestMs }] of [...counts].sort()) {
  console.log(
    `${key.padEnd(38)} ${requests} requests, mean ${(totalMs / requests).toFixed(0)} ms, slowest ${slowestMs.toFixed(0)} ms`
  )
}
process.exit()
