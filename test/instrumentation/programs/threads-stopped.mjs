// A thread that runs on while recording is stopped and begun again around it; it tells whether its console is its own.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { start, stop } from 'microlog'

const code = `
  const { parentPort } = require('node:worker_threads')
  parentPort.on('message', text => {
    console.log(text)
    const isOwn = /native code/.test(console.log.toString())
    parentPort.postMessage(isOwn)
  })`
start({ label: 'first' })
const worker = new Worker(code, { eval: true, name: 'pool' })
const say = async text => {
  worker.postMessage(text)
  const [isOwn] = await once(worker, 'message')
  process.stdout.write(`${text}: ${isOwn ? 'its own console' : 'recorded'}\n`)
}
const settled = () => new Promise(resolve => setTimeout(resolve, 300))

await say('in the first')
await stop()
await settled()
await say('in no recording')
start({ label: 'second' })
await settled()
await say('in the second')
await stop()
await settled()
await say('in none again')
await worker.terminate()
