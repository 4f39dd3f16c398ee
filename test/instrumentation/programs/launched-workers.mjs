// Starts worker threads with all kinds of options, one after the other; each says who it is.
import { isMainThread, Worker, workerData } from 'node:worker_threads'

// A function can't be handed to a thread: starting one must work all the same.
if (process.argv[2] === 'start') (await import('microlog')).start({ redact: ['pin', text => text] })

class Subclass extends Worker {
  ownMethod() {
    return 'still here'
  }
}

async function end(worker) {
  await new Promise((resolve, reject) => worker.once('exit', resolve).once('error', reject))
}

if (isMainThread) {
  console.log('main')
  const self = new URL(import.meta.url)
  const named = name => ({ name, workerData: name })
  await end(new Worker(self, { workerData: 'launched-workers.mjs' }))
  await end(new Worker(self, named('named')))
  await end(new Worker(self, { ...named('own arguments'), execArgv: ['--no-warnings'] }))
  await end(new Worker(self, { ...named('own environment'), env: { ONLY: 'this' } }))
  const code =
    'const { execArgv } = process; const end = Date.now() + 200; while (Date.now() < end); console.log(`[worker eval]|${JSON.stringify(execArgv)}`)'
  await end(new Worker(code, { eval: true }))
  const last = new Subclass(self, named('subclass'))
  await end(last)
  console.log(last.ownMethod(), last instanceof Worker, Worker.name, Worker.length)
} else {
  // Long enough to be sampled.
  const end = Date.now() + 200
  while (Date.now() < end);
  const env = Object.keys(process.env).filter(name => !/^(OTEL|MICROLOG)/.test(name))
  console.log(`${workerData}|${JSON.stringify(process.execArgv)}|${env.length < 5 ? env : 'all'}`)
}
