// Programs that do what is theirs to do: each does it recorded as it does without us, and what it logs is recorded.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createOtlpReceiver, type OtlpReceiver } from '../helpers/otlp-receiver.ts'
import { cleanEnvironment, cliPath, registerUrl, runNode } from '../helpers/run-node.ts'

const preloadPath = fileURLToPath(registerUrl.replace(/register\.js$/, 'preload.cjs'))
const permission = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission'

let receiver: OtlpReceiver
let folder: string
beforeAll(async () => {
  receiver = await createOtlpReceiver()
  folder = mkdtempSync(join(tmpdir(), 'microlog-guest-'))
})
afterAll(async () => {
  await receiver.close()
  rmSync(folder, { recursive: true })
})

const environment = (label: string) => ({
  MICROLOG_OTLP_URL: receiver.url,
  MICROLOG_LABEL: label,
  OTEL_SDK_DISABLED: 'true'
})
const logOf = (label: string) =>
  receiver.logs
    .filter(({ resource, eventName }) => resource['service.name'] === label && eventName === '')
    .map(({ body }) => body)

function fileOf(name: string, code: string): string {
  const path = join(folder, name)
  writeFileSync(path, code)
  return path
}

async function compare(name: string, code: string, { flags = [] as string[], env = {} } = {}) {
  const program = fileOf(name, code)
  const label = name.replace(/\.\w+$/, '')
  // Anything imported has Node load the program as it does with ours.
  const plain = await runNode([...flags, '--import', 'data:text/javascript,', program])
  const recorded = await runNode([...flags, '--import', registerUrl, program], {
    ...environment(label),
    ...env
  })
  expect(recorded).toEqual(plain)
  return { ended: recorded, log: logOf(label) }
}

test('timers and clocks of its own are its own: none of ours is among them', async () => {
  const { ended, log } = await compare(
    'fake-clock.cjs',
    `const wait = setTimeout
     let calls = 0
     const fake = () => { calls++; return 1 }
     Object.assign(globalThis, { setTimeout: fake, setInterval: fake, clearTimeout: fake, clearInterval: fake })
     console.log('begins')
     const until = Date.now() + 600
     wait(() => { while (Date.now() < until); }, 300)
     wait(() => {
       performance.now = () => 0
       console.log('%d calls', calls)
     }, 1200)`,
    // A loop that is not sampled rests, until it is busy: who watches it begins another timer for each.
    { env: { MICROLOG_PROFILE: 'false' } }
  )
  expect(ended).toMatchObject({ code: 0, stdout: 'begins\n0 calls\n' })
  expect(log).toEqual(['begins', '0 calls'])
})

test('it may remove all listeners', async () => {
  const { log } = await compare(
    'tidies-up.cjs',
    `console.log('before')
     process.removeAllListeners('exit')
     process.removeAllListeners()
     console.log('after')
     process.on('exit', () => console.log('at the end'))`
  )
  expect(log).toEqual(['before', 'after', 'at the end'])
})

test('it has as many listeners as it may have', async () => {
  const { ended } = await compare(
    'ten-listeners.cjs',
    `for (let i = 0; i < 10; i++) process.on('SIGTERM', () => {})`
  )
  expect(ended.stderr).toBe('')
})

test('the stacks it prints are its own, to the last frame', async () => {
  const { ended } = await compare(
    'throws.cjs',
    `console.log(new Error('told').stack); throw new Error('on purpose')`
  )
  expect(ended.stdout).toContain('throws.cjs')
})

test('what it has logged is let go, in every thread', async () => {
  const { log } = await compare(
    'lets-go.mjs',
    `import { isMainThread, Worker } from 'node:worker_threads'
     const kept = new WeakRef((object => (console.log(object), object))({ order: 17 }))
     const giveUpAt = Date.now() + 15_000
     while (kept.deref() !== undefined && Date.now() < giveUpAt) {
       await new Promise(resolve => setTimeout(resolve, 20))
       gc()
     }
     console.log(kept.deref() === undefined ? 'let go' : 'kept')
     if (isMainThread) new Worker(new URL(import.meta.url))`,
    { flags: ['--expose-gc'] }
  )
  expect(log).toEqual(['{ order: 17 }', 'let go', '{ order: 17 }', 'let go'])
}, 60_000)

test('it may start in a folder that is gone', async () => {
  const program = fileOf('starts-nowhere.cjs', `console.log('is somewhere')`)
  const moved = 'gone="$(mktemp -d)" && cd "$gone" && rmdir "$gone" && exec "$0" --import "$1" "$2" 2>&1'
  const env = cleanEnvironment(environment('starts nowhere'))
  const said = execFileSync('sh', ['-c', moved, process.execPath, registerUrl, program], {
    env,
    encoding: 'utf8'
  })
  // Before Node 22 no thread starts there, ours neither: it says so where the program gives it the time.
  expect(said).toMatch(
    /^is somewhere\n(?:microlog: nothing more is sent, its thread has ended: ENOENT.*\n)?$/
  )
})

test('workers are what their class makes', async () => {
  await compare(
    'worker-class.cjs',
    `const { Worker } = require('node:worker_threads')
     const worker = new Worker('', { eval: true })
     console.log(worker.constructor === Worker, Worker.prototype.constructor === Worker, worker instanceof Worker)`
  )
})

test('a worker with little memory has it for itself', async () => {
  const { ended } = await compare(
    'small-worker.cjs',
    `const { Worker } = require('node:worker_threads')
     const resourceLimits = { maxOldGenerationSizeMb: 6 }
     new Worker('console.log("in the worker")', { eval: true, resourceLimits })
       .on('error', error => console.log(error.code))
       .on('exit', code => console.log('exit', code))`
  )
  expect(ended.stdout).toBe('in the worker\nexit 0\n')
})

test('it writes the heap profile that Node was asked for', async () => {
  const flags = ['--heap-prof', `--heap-prof-dir=${folder}`]
  await compare('heap-prof.cjs', `console.log('grows')`, { flags })
  expect(readdirSync(folder).filter(name => name.endsWith('.heapprofile'))).toHaveLength(2)
})

test("the runner of Node's tests has no inspector: nothing is said of what needs one", async () => {
  const checks = fileOf('checks.test.mjs', `import test from 'node:test'; test('adds', () => {})`)
  const plain = await runNode(['--test', checks])
  const recorded = await runNode(['--require', preloadPath, '--test', checks], environment('runs tests'))
  expect({ ...recorded, stdout: '' }).toEqual({ ...plain, stdout: '' })
  expect(recorded.stderr).toBe('')
})

test("kept from it by Node's permission model, it says what keeps it and where it says what helps", async () => {
  const program = fileOf('kept.cjs', `console.log('is kept')`)
  const flags = ['--no-warnings', permission, '--allow-fs-read=*']
  const recorded = await runNode([...flags, '--import', registerUrl, program], environment('kept'))
  expect(recorded).toMatchObject({ code: 0, stdout: 'is kept\n' })
  expect(recorded.stderr).toMatch(
    /^microlog: nothing is recorded: Access .*\(WorkerThreads\).*docs\/limits\.md of microlog\n$/
  )
})

test("with what Node's permission model lets it have, it is recorded and nothing is said", async () => {
  const program = fileOf('allowed.cjs', `console.log('is allowed')`)
  const known = ['--allow-worker', '--allow-addons', '--allow-inspector', '--allow-net'].filter(flag =>
    process.allowedNodeEnvironmentFlags.has(flag)
  )
  const flags = ['--no-warnings', permission, '--allow-fs-read=*', ...known]
  const recorded = await runNode([...flags, '--import', registerUrl, program], environment('allowed'))
  expect(recorded).toEqual({ code: 0, signal: null, stdout: 'is allowed\n', stderr: '' })
  expect(logOf('allowed')).toEqual(['is allowed'])
})

test('whose console is frozen, it is told how its lines are recorded all the same, and so they are', async () => {
  const program = fileOf('frozen.cjs', `console.log('is frozen')`)
  const flags = ['--no-warnings', '--frozen-intrinsics', '--import', registerUrl, program]
  const streams = { MICROLOG_STREAMS: 'true' }
  const recorded = await runNode(flags, { ...environment('frozen'), ...streams })
  expect(recorded).toMatchObject({ code: 0, stdout: 'is frozen\n' })
  expect(recorded.stderr).toBe(
    'microlog: capturing the console ended: the console is frozen; with MICROLOG_STREAMS=true what it prints is recorded\n'
  )
  expect(logOf('frozen')).toEqual(['is frozen'])
})

test('started from a snapshot, it runs as without us, and it is told that it is not recorded', async () => {
  const program = fileOf(
    'snapshot.cjs',
    `require('node:v8').startupSnapshot.setDeserializeMainFunction(() => console.log('from a snapshot'))`
  )
  const blob = join(folder, 'snapshot.blob')
  expect(await runNode(['--snapshot-blob', blob, '--build-snapshot', program])).toMatchObject({ code: 0 })
  const recorded = await runNode(['--require', preloadPath, '--snapshot-blob', blob], environment('snapshot'))
  expect(recorded).toMatchObject({ code: 0, signal: null, stdout: 'from a snapshot\n' })
  expect(recorded.stderr).toMatch(/^microlog: nothing is recorded: .* snapshot.*\n$/)
})

test('nobody reads what it prints: it goes on to its end', async () => {
  const program = fileOf('nobody-reads.cjs', `for (let i = 0; i < 20_000; i++) console.log(i)`)
  const pipe = `{ "$0" --import "$1" "$2"; echo "code $?" >&2; } | head -1`
  const shell = spawn('sh', ['-c', pipe, process.execPath, registerUrl, program], {
    env: cleanEnvironment(environment('nobody reads'))
  })
  let stderr = ''
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  await new Promise(resolve => shell.on('close', resolve))
  expect(stderr).toBe('code 0\n')
})

describe('its children', () => {
  test('run under the permission model as without us', async () => {
    const child = fileOf('restricted.cjs', `process.stdout.write('restricted\\n')`)
    const { ended } = await compare(
      'starts-restricted.cjs',
      `const { spawnSync } = require('node:child_process')
       const flags = ['--no-warnings', ${JSON.stringify(permission)}, ${JSON.stringify(`--allow-fs-read=${folder}/*`)}]
       const { status, stdout } = spawnSync(process.execPath, [...flags, ${JSON.stringify(child)}])
       console.log(status, String(stdout))`
    )
    expect(ended.stdout).toBe('0 restricted\n\n')
  })

  test('mask what was named in code for this process', async () => {
    const child = fileOf('masks.cjs', `console.log('order of customerNumber=4711 Zq9')`)
    const parent = fileOf(
      'masks-in-code.mjs',
      `import { start } from ${JSON.stringify(new URL('../../dist/instrumentation/index.js', import.meta.url).href)}
       import { spawnSync } from 'node:child_process'
       start({ redact: ['customerNumber', /^iban$/], environment: ['SHOP_TIER'] })
       spawnSync(process.execPath, [${JSON.stringify(child)}], { stdio: 'inherit' })`
    )
    const ended = await runNode([parent], { ...environment('masks'), SHOP_TIER: 'gold' })
    expect(ended.stderr).toMatch(
      /^microlog: expressions and functions in `redact` hold for this process only/
    )
    const logs = receiver.logs.filter(({ resource }) => resource['service.name'] === 'masks')
    expect(logs.map(({ body }) => body)).toEqual(['order of customerNumber=******** Zq9'])
    expect(JSON.stringify(logs[0]!.resource)).toContain('gold')
  })
})

test('under run, a program is loaded as Node would load it', async () => {
  const hook = fileOf(
    'hook.cjs',
    `require.extensions['.weird'] = (module, path) => module._compile('console.log("weird", module.parent)', path)`
  )
  const program = fileOf('program.weird', 'not JavaScript')
  const command = ['--', process.execPath, '-r', hook, program]
  const ended = await runNode([cliPath, 'run', '--store', join(folder, 'store'), 'weird', ...command])
  expect(ended).toMatchObject({ code: 0, stdout: 'weird null\n' })
  const listed = execFileSync(process.execPath, [cliPath, 'ls', '--store', join(folder, 'store')], {
    encoding: 'utf8',
    env: cleanEnvironment()
  })
  expect(listed).toContain('weird')
})
