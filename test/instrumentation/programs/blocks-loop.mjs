// Blocks its event loop for as many ms as it is told, in one of several ways, once it turns.
import { execFileSync } from 'node:child_process'

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

/** Until somebody lets it go on. From outside: Node runs its hooks of exit before a process signals itself. */
function stopItself() {
  execFileSync('kill', ['-STOP', String(process.pid)])
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
