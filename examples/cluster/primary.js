// A small web server on several processes: node --import microlog/register primary.js [--port 3000] [--workers 2]
// The primary starts them, and starts another one for each that ends.
import cluster from 'node:cluster'
import { once } from 'node:events'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { port: { type: 'string', default: '3000' }, workers: { type: 'string', default: '2' } }
})
let closing = false

cluster.setupPrimary({ exec: new URL('./server.js', import.meta.url).pathname, args: [values.port] })
cluster.on('exit', (worker, code) => {
  if (closing) return
  console.warn(`worker ${worker.process.pid} ended with ${code}, starting another`)
  cluster.fork()
})
cluster.on('listening', (worker, { port }) => {
  console.log(`worker ${worker.process.pid} listens on http://127.0.0.1:${port}`)
})
for (let i = 0; i < Number(values.workers); i++) cluster.fork()

process.once('SIGTERM', async () => {
  closing = true
  const workers = Object.values(cluster.workers ?? {})
  const ended = workers.map(worker => once(worker, 'exit'))
  for (const worker of workers) worker.send('close')
  await Promise.all(ended)
  process.exit(0)
})
