// Starts as many worker threads as argv says, a few at a time, that end in every way there is, then as many more that are
// still at work when the process exits. Prints which thread ended how.
import { Worker, isMainThread, threadId, workerData } from 'node:worker_threads'

const ways = ['return', 'throw', 'exit', 'terminate', 'terminate at work']
const atOnce = 4

function burn(ms) {
  const end = performance.now() + ms
  let x = 0
  while (performance.now() < end) for (let i = 0; i < 500; i++) x += Math.sqrt(i)
  return x
}

async function endOne(i) {
  const way = ways[i % ways.length]
  const worker = new Worker(new URL(import.meta.url), { name: `ending ${i}`, workerData: { way } })
  const started = { id: worker.threadId, name: `ending ${i}`, way }
  worker.on('error', () => {})
  // As it begins to be recorded, in the midst of that, or long after: each time another moment.
  if (way.startsWith('terminate')) {
    worker.once(i % 3 === 0 ? 'online' : 'message', () => setTimeout(() => worker.terminate(), (i * 7) % 23))
  }
  await new Promise(ended => worker.once('exit', ended))
  return started
}

if (isMainThread) {
  const [ending, left] = process.argv.slice(2).map(Number)
  const ended = []
  let next = 0
  const lane = async () => {
    while (next < ending) ended.push(await endOne(next++))
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  for (let i = 0; i < left; i++) {
    const way = i % 2 === 0 ? 'left idle' : 'left at work'
    const worker = new Worker(new URL(import.meta.url), { name: `left ${i}`, workerData: { way } })
    ended.push({ id: worker.threadId, name: `left ${i}`, way })
    if (i % 4 !== 3) await new Promise(said => worker.once('message', said))
  }
  process.stdout.write(`\nended ${JSON.stringify(ended)}\n`, () => process.exit(7))
} else {
  const { parentPort } = await import('node:worker_threads')
  const { way } = workerData
  console.info(`thread ${threadId} is here`)
  burn(3)
  parentPort.postMessage('here')
  if (way === 'throw') throw new Error('as planned')
  if (way === 'exit') process.exit(3)
  if (way === 'terminate' || way === 'left idle') setInterval(() => {}, 1000)
  if (way === 'terminate at work' || way === 'left at work') setInterval(() => burn(5), 6)
}
