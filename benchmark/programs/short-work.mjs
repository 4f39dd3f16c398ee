// A short program: prints a line and ends; or starts that many worker threads one after the other, or waits for a signal that
// it has no listener for. Arguments: which of them, how many, and for Pyroscope: its name, the folder of the peers' packages,
// where to.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

const [work, count, peer, peers, otlpUrl] = process.argv.slice(2)
if (peer === 'pyroscope') {
  const { startPyroscope } = await import('./peers.mjs')
  startPyroscope(peers, 20_000, otlpUrl)
}

const works = {
  line: () => console.log('a line'),
  async threads() {
    for (let i = 0; i < Number(count); i++) await once(new Worker('0', { eval: true }), 'exit')
  },
  async wait() {
    const waiting = setInterval(() => {}, 1000)
    await sleep(500)
    process.send('ready')
    await once(process, 'disconnect')
    clearInterval(waiting)
  }
}
await works[work]()
// Its timers would go on.
if (peer !== undefined) process.exit()
