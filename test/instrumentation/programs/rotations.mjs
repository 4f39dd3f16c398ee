// node --expose-gc rotations.mjs BACKEND ROTATIONS: rotates as fast as it can while it works; prints, as JSON, the bytes of
// live heap after each tenth of them, and the resident memory at the half and at the end.
import { createProfilerBackend } from '../../../dist/instrumentation/profile/create-profiler-backend.js'

const [backendName, count] = process.argv.slice(2)
const rotations = Number(count)
const backend = createProfilerBackend(backendName)
const heap = []
const rss = []

function work() {
  let text = ''
  for (let i = 0; i < 200; i++) text += String.fromCharCode(97 + (i % 26))
  return text.length
}

backend.start(1000)
for (let i = 1; i <= rotations; i++) {
  backend.prepare()
  work()
  backend.rotate()
  if (i % 10 === 0) await new Promise(go => setImmediate(go))
  if (i % (rotations / 10) !== 0) continue
  globalThis.gc()
  heap.push(process.memoryUsage().heapUsed)
  if (i === rotations / 2 || i === rotations) rss.push(process.memoryUsage.rss())
}
backend.stop()
process.stdout.write(JSON.stringify({ backend: backend.name, heap, rss }))
