// Works for a while, prints its last line and ends in the way that argv names. Where the ending is a signal from outside,
// it prints `ready` first.
import { Worker } from 'node:worker_threads'

const [way] = process.argv.slice(2)

function lastMoments() {
  const until = performance.now() + 150
  let x = 0
  while (performance.now() < until) for (let i = 0; i < 500; i++) x += Math.sqrt(i)
  return x
}

function last() {
  lastMoments()
  console.log('last line')
}

/** Stays until something ends it. */
function stay() {
  setInterval(() => {}, 1000)
  console.log('ready')
}

const pause = ms => new Promise(go => setTimeout(go, ms))
const broken = () => new Error('nobody catches this')

/** As libraries do that clean up at a process's end: they leave it to others where others listen. */
function libraryListens(signal) {
  const listener = () => {
    if (process.listeners(signal).length !== 1) return
    process.off(signal, listener)
    last()
    process.kill(process.pid, signal)
    console.log('never printed')
  }
  process.on(signal, listener)
}

const ways = {
  natural: () => setTimeout(last, 20),
  'exit code': () => {
    process.exitCode = 6
    last()
  },
  'before exit': () => {
    let rounds = 0
    process.on('beforeExit', () => {
      if (++rounds < 3) setTimeout(() => console.log('more work'), 10)
      else if (rounds === 3) last()
    })
  },
  exit: () => {
    last()
    process.exit(5)
  },
  'exit listener': () => {
    process.on('exit', last)
    process.exit(4)
  },
  'exit in exit listener': () => {
    process.on('exit', () => {
      last()
      process.exit(9)
    })
  },
  'exit listener throws': () => {
    process.on('exit', () => {
      last()
      throw broken()
    })
  },
  reallyExit: () => {
    last()
    process.reallyExit(11)
  },
  throw: () => {
    last()
    throw broken()
  },
  'throw, handled': () => {
    process.on('uncaughtException', () => {
      last()
      process.exit(8)
    })
    throw broken()
  },
  reject: () => {
    last()
    void Promise.reject(broken())
  },
  'reject, handled': () => {
    process.on('unhandledRejection', () => {
      last()
      process.exitCode = 12
    })
    void Promise.reject(broken())
  },
  'throw in a worker thread': () => {
    new Worker('throw new Error("nobody catches this")', { eval: true })
    last()
  },
  SIGTERM: () => {
    last()
    stay()
  },
  SIGINT: () => ways.SIGTERM(),
  SIGHUP: () => ways.SIGTERM(),
  'SIGTERM, handled': () => {
    process.on('SIGTERM', () => {
      last()
      process.exit(7)
    })
    stay()
  },
  'SIGINT, handled slowly': () => {
    process.on('SIGINT', async () => {
      await pause(300)
      last()
      process.exit(13)
    })
    stay()
  },
  'SIGTERM, raised again': () => {
    process.once('SIGTERM', () => {
      last()
      process.kill(process.pid, 'SIGTERM')
      console.log('never printed')
    })
    stay()
  },
  'SIGTERM, raised again later': () => {
    process.once('SIGTERM', async () => {
      await pause(100)
      last()
      process.kill(process.pid, 'SIGTERM')
      console.log('never printed')
    })
    stay()
  },
  'SIGTERM, handled by a library': () => {
    libraryListens('SIGTERM')
    stay()
  },
  'SIGINT, impatiently': () => ways.SIGTERM(),
  'nobody reads on': () => {
    last()
    stay()
    setInterval(() => console.log('and on'), 10)
  },
  'SIGKILL of itself': () => {
    last()
    process.kill(process.pid, 'SIGKILL')
  },
  abort: () => {
    last()
    process.abort()
  },
  'no such process': () => {
    last()
    process.kill(2 ** 30)
  }
}
ways['reject, warned of'] = ways['reject, ignored'] = ways['reject, strictly'] = ways.reject

console.log('first line')
lastMoments()
ways[way]()
