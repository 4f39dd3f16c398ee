// Builds when dist is missing or older than what it is made of.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { isBuilt } from '../is-built.mjs'
import { DemoError } from './demo-error.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** What there was to do, as a sentence. */
export async function buildIfNeeded(screen, signal) {
  if (isBuilt(root)) return 'up to date'
  const startedAt = Date.now()
  screen.wait('Build', 'the package and its UI: half a minute or so')
  await build(signal)
  return `built the package and its UI in ${((Date.now() - startedAt) / 1000).toFixed(0)} s`
}

async function build(signal) {
  const child = spawn('npm', ['run', 'build', '--silent'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32'
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => (output = (output + text).slice(-8000)))
  }
  const stop = () => child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  const [code] = await once(child, 'exit')
  signal.removeEventListener('abort', stop)
  if (code !== 0 && !signal.aborted) throw new DemoError(`The build failed:\n${output}`)
}
