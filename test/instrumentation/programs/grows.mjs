// Keeps memory, a file and a server, or nothing; then ends. With --expose-gc nothing else is in its heap by then.
import { openSync } from 'node:fs'
import { createServer } from 'node:net'
import { PerformanceObserver } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'

const kept = []

function keepMany() {
  for (let i = 0; i < 200_000; i++) kept.push({ i, list: [i] })
}

/** Much enough for V8 to collect it. */
function dropMany() {
  for (let i = 0; i < 1_000_000; i++) kept[0] = { i, list: [i] }
}

await new Promise(resolve => setTimeout(resolve, 100))
const collectionTold = new Promise(resolve => {
  const observer = new PerformanceObserver(resolve)
  observer.observe({ entryTypes: ['gc'] })
})
dropMany()
// Node tells of collections in a later turn of the event loop, which alone keeps no program running.
const running = setInterval(() => {}, 1000)
await collectionTold
globalThis.gc?.()
await new Promise(resolve => setImmediate(resolve))
clearInterval(running)
if (process.argv[2] === 'keep') {
  keepMany()
  openSync(fileURLToPath(import.meta.url))
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  process.exit(0)
}
