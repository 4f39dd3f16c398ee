// Blocks its event loop for as many ms as it is told, in one of several ways, once it turns.
import { spawn } from 'node:child_process'

const [way = 'compute', ms = '400'] = process.argv.slice(2)

function computeForLong(limitMs) {
  const end = performance.now() + limitMs
  let sum = 0
  while (performance.now() < end) for (let i = 0; i < 10_000; i++) sum += Math.sqrt(i)
  return sum
}

function waitForLong(limitMs) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, limitMs)
}

/**
 * Waits to be told, and is there already when it is: to start a process takes long on a busy machine. From outside: Node
 * runs its hooks of exit before a process signals itself.
 */
const stopper =
  way === 'stop, then compute' &&
  spawn('sh', ['-c', `read _ && kill -STOP ${process.pid}`], { stdio: ['pipe', 'ignore', 'ignore'] })

/** Until somebody lets it go on. */
function stopItself() {
  stopper.stdin.write('now\n')
  waitForLong(50)
}

const ways = {
  compute: [() => computeForLong(Number(ms))],
  wait: [() => waitForLong(Number(ms))],
  'stop, then compute': [stopItself, () => computeForLong(Number(ms))],
  'compute and exit': [
    () => {
      computeForLong(Number(ms))
      process.exit()
    }
  ]
}

// Not before the recorder has settled: it takes the loop itself for a while then.
for (const block of ways[way]) {
  await new Promise(resolve => setTimeout(resolve, 1500))
  console.log('blocking')
  block()
  console.log('done')
}
