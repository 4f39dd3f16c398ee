// Starts itself in every way from within a span; what was started makes spans of its own.
import { exec, execFile, execFileSync, execSync, fork, spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker } from 'node:worker_threads'
import { SpanKind, trace } from '@opentelemetry/api'

const tracer = trace.getTracer('starters')
const self = fileURLToPath(import.meta.url)
const [what, ...options] = process.argv.slice(2)

function span(name, options = {}) {
  tracer.startActiveSpan(name, options, span => span.end())
}

const ended = child => new Promise(resolve => child.once('exit', resolve))

/** A message is sent once this ran for a while: it isn't what the start led to. */
async function ask(target) {
  await new Promise(ready => target.once('message', ready))
  const end = ended(target)
  if (target.send) target.send('go on')
  else target.postMessage('go on')
  await end
}

if (what === 'threads') {
  await tracer.startActiveSpan('request', async span => {
    await ask(new Worker(self, { argv: ['thread'], execArgv: [] }))
    span.end()
  })
} else if (what === 'processes') {
  const names = options
  const asked = name => names.length === 0 || names.includes(name)
  await tracer.startActiveSpan('request', async span => {
    const started = []
    if (asked('fork')) started.push(ask(fork(self, ['fork'])))
    if (asked('bare fork')) started.push(ended(fork(self, ['bare fork'], { env: {}, execArgv: [] })))
    if (asked('spawn')) started.push(ended(spawn('node', [self, 'spawn'])))
    if (asked('exec')) started.push(ended(exec(`"${process.execPath}" "${self}" exec`)))
    if (asked('execFile')) started.push(ended(execFile(process.execPath, [self, 'execFile'])))
    await Promise.all(started)
    if (asked('spawnSync')) spawnSync(process.execPath, [self, 'spawnSync'])
    if (asked('execSync')) execSync(`"${process.execPath}" "${self}" execSync`, { env: { ...process.env } })
    if (asked('execFileSync')) execFileSync(process.execPath, [self, 'execFileSync'])
    span.end()
  })
  console.log(
    JSON.stringify(
      Object.keys(process.env).filter(name => /^(TRACEPARENT|NODE_OPTIONS|MICROLOG_PARENT)/.test(name))
    )
  )
} else {
  console.log(`started by ${what}`)
  await null
  span(`at the start of ${what}`)
  setTimeout(() => span(`later in ${what}`), 5)
  const port = isMainThread ? process : parentPort
  const answers = what === 'thread' || what === 'fork'
  if (answers) {
    setTimeout(() => {
      port.once('message', () => {
        span(`asked of ${what}`)
        if (isMainThread) process.disconnect()
      })
      if (isMainThread) process.send('ready')
      else parentPort.postMessage('ready')
    }, 20)
    span(`server of ${what}`, { kind: SpanKind.SERVER })
  }
}
