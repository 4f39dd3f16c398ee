// A thread that runs on while recording is stopped and begun again around it; it tells whether its console is its own.
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { start, stop } from 'microlog'

const code = `
  const { parentPort } = require('node:worker_threads')
  parentPort.on('message', text => {
    if (text !== undefined) console.log(text)
    const isOwn = /native code/.test(console.log.toString())
    parentPort.postMessage(isOwn)
  })`
start({ label: 'first' })
const worker = new Worker(code, { eval: true, name: 'pool' })
const ask = async text => {
  worker.postMessage(text)
  const [isOwn] = await once(worker, 'message')
  return isOwn
}
const say = async text => {
  process.stdout.write(`${text}: ${(await ask(text)) ? 'its own console' : 'recorded'}\n`)
}
/** The thread hears of it once its loop turns. */
const until = async isOwn => {
  while ((await ask()) !== isOwn) await setTimeout(5)
}

await say('in the first')
await stop()
await until(true)
await say('in no recording')
start({ label: 'second' })
await until(false)
await say('in the second')
await stop()
await until(true)
await say('in none again')
await worker.terminate()
