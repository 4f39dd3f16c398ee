// The package as npm would publish it, installed into an empty folder: the README's first steps.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { startCollectorProcess } from '../collector/collector-process.ts'
import { cleanEnvironment } from '../helpers/run-node.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

let folder: string
const inFolder = (command: string, args: string[], env: Record<string, string> = {}) =>
  promisify(execFile)(command, args, { cwd: folder, env: cleanEnvironment(env) })

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'microlog-test-packed-')))
  // Built once for the whole matrix; an addon that isn't compiled must not be missed.
  await inFolder('npm', ['pack', '--ignore-scripts', '--pack-destination', folder, root])
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  const [tarball] = readdirSync(folder).filter(name => name.endsWith('.tgz'))
  await inFolder('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `./${tarball}`])
  writeFileSync(join(folder, 'app.js'), "console.log('from app')\n")
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('run records a program without a server, and ls lists it', async () => {
  const store = { MICROLOG_STORE: join(folder, 'store'), MICROLOG_SERVER: 'http://127.0.0.1:9' }
  const ran = await inFolder('npx', ['microlog', 'run', 'my-first-run', 'app.js'], store)
  expect(ran.stdout).toBe('from app\n')
  const { stdout } = await inFolder('npx', ['microlog', 'ls', '--json'], store)
  const listed = JSON.parse(stdout) as { id: string; label: string; logs: number }[]
  expect(listed).toMatchObject([{ label: 'my-first-run', logs: 1 }])
  expect(ran.stderr).toContain(`/#/r/${listed[0]!.id}/timeline`)
})

test('serve has its screens, and takes what a program with --import microlog/register sends', async () => {
  const script = pathToFileURL(join(folder, 'node_modules/microlog/dist/cli/main.js')).href
  const store = mkdtempSync(join(folder, 'served-'))
  const collector = await startCollectorProcess(
    ['serve', '--store', store, '--port', '0', '--otlp-port', '0'],
    { script }
  )
  onTestFinished(() => collector.kill())
  const page = await (await fetch(collector.uiUrl)).text()
  const [, source] = /<script[^>]* src="([^"]+)"/.exec(page)!
  expect((await fetch(new URL(source!, collector.uiUrl))).status).toBe(200)

  const ran = await inFolder('node', ['--import', 'microlog/register', 'app.js'], {
    MICROLOG_SERVER: collector.uiUrl,
    MICROLOG_LABEL: 'registered'
  })
  expect(ran.stdout).toBe('from app\n')
  const recordings = async () =>
    ((await (await fetch(`${collector.uiUrl}/api/recordings`)).json()) as { items: unknown[] }).items
  await expect.poll(recordings).toMatchObject([{ label: 'registered', logs: 1 }])
})

test.each(['microlog', 'microlog/collector', 'microlog/format'])('%s can be imported', async name => {
  const { stdout } = await inFolder('node', [
    '--input-type=module',
    '-e',
    `console.log(Object.keys(await import('${name}')).length > 0)`
  ])
  expect(stdout).toBe('true\n')
})

const mainProgram = `import { start, withMicrolog, type MicrologOptions } from 'microlog'
const options: MicrologOptions = { label: 'typed' }
start(options)
export const configuration = withMicrolog({ serviceName: 'typed' })
// @ts-expect-error: a label is text
start({ label: 1 })
`
const subpaths = `import { createCollector } from 'microlog/collector'
import { openRecording } from 'microlog/format'
export const more = [createCollector, openRecording]
`

test.each([
  ['CommonJS', 'node16', 'node16', 'program.cts', mainProgram + subpaths],
  ['an ES module', 'node16', 'node16', 'program.mts', mainProgram + subpaths],
  ['one that is bundled', 'esnext', 'bundler', 'program.mts', mainProgram + subpaths],
  ['CommonJS that knows no exports', 'commonjs', 'node10', 'program.ts', mainProgram]
])('a TypeScript program finds its types: %s', async (_kind, module, resolution, name, text) => {
  writeFileSync(join(folder, name), text)
  const modules = join(root, 'node_modules')
  const types = ['--typeRoots', join(modules, '@types'), '--types', 'node']
  const flags = ['--strict', '--noEmit', '--target', 'es2022', ...types]
  const how = ['--module', module, '--moduleResolution', resolution]
  await inFolder('node', [join(modules, 'typescript/bin/tsc'), ...flags, ...how, name])
})
