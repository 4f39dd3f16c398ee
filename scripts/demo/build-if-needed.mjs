// Builds when dist is missing or older than what it is made of.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DemoError } from './demo-error.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** One file each of the two parts of the build: the package, and the UI. */
const BUILT = ['dist/cli/main.js', 'dist/ui/index.html']
const BUILT_FROM = ['src', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']

/** What there was to do, as a sentence. */
export async function buildIfNeeded(screen, signal) {
  const builtAt = Math.min(...BUILT.map(path => modifiedAt(root + path)))
  const changedAt = Math.max(...BUILT_FROM.map(path => newestBelow(root + path)))
  if (builtAt >= changedAt) return 'up to date'
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

/** Time of the last change, in ms; 0 where there is no such file. */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function newestBelow(path) {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats?.isDirectory()) return stats?.mtimeMs ?? 0
  return Math.max(0, ...readdirSync(path).map(name => newestBelow(`${path}/${name}`)))
}
