import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { buildEnvironment, readRequest } from '../../src/cli/run.ts'
import { createCollector } from '../../src/collector/index.ts'
import { temporaryFolder } from '../collector/temporary-store.ts'
import { makeCertificate } from '../helpers/make-certificate.ts'
import { cliPath, programPath, runNode, startNode } from '../helpers/run-node.ts'

let store: string
const program = programPath('ways-out.mjs')
/** No server answers there. */
const alone = () => ({ MICROLOG_STORE: store, MICROLOG_SERVER: 'http://127.0.0.1:9' })

beforeAll(() => {
  store = mkdtempSync(join(tmpdir(), 'microlog-test-run-'))
})
afterAll(() => rmSync(store, { recursive: true, force: true }))

interface Listed {
  id: string
  label: string
  logs: number
  statuses: number
}

async function recordings(label: string): Promise<Listed[]> {
  const { stdout } = await runNode([cliPath, 'ls', '--json'], alone())
  return (JSON.parse(stdout) as Listed[]).filter(recording => recording.label === label)
}

test('a script is recorded, its output and exit code are its own, and the box names the recording', async () => {
  const plain = await runNode([program, 'exit'])
  const recorded = await runNode([cliPath, 'run', 'script', program, 'exit'], alone())
  expect(/^┌─+┐$/m.exec(recorded.stderr)?.[0].length).toBeLessThanOrEqual(80)
  expect(recorded).toMatchObject({ code: plain.code, signal: null, stdout: plain.stdout })
  const [recording, ...others] = await recordings('script')
  expect(others).toEqual([])
  expect(recording).toMatchObject({ logs: 2 })
  expect(recorded.stderr).toContain(recording!.id)
  expect(recorded.stderr).toContain(`/#/r/${recording!.id}/timeline`)
})

test('what a server refuses is not said to be recorded', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'microlog-test-keys-'))
  const collector = await createCollector({
    store: folder,
    port: 0,
    otlpPort: 0,
    ui: false,
    ingestKey: 'right'
  })
  const run = (ingestKey: string) =>
    runNode([cliPath, 'run', 'locked', program, 'exit'], {
      MICROLOG_SERVER: collector.uiUrl,
      MICROLOG_INGEST_KEY: ingestKey,
      MICROLOG_OTLP_URL: 'http://127.0.0.1:9'
    })
  try {
    const refused = await run('wrong')
    expect(refused.stderr).toContain('MICROLOG_INGEST_KEY')
    expect(refused.stderr).toContain('nothing of locked has arrived')
    expect(refused.stderr).toContain('MICROLOG_OTLP_URL is left aside')
    expect(refused.stderr).not.toContain('Microlog recorded')
    expect((await run('right')).stderr).toContain('Microlog recorded locked')
  } finally {
    await collector.close()
    rmSync(folder, { recursive: true, force: true })
  }
}, 60_000)

test('what can’t be asked about is not said to be recorded', async () => {
  const collector = await createCollector({
    store: temporaryFolder(),
    port: 0,
    otlpPort: 0,
    ui: false,
    ingestKey: 'in',
    viewKey: 'view'
  })
  onTestFinished(() => collector.close())
  const run = (keys: Record<string, string>) =>
    runNode([cliPath, 'run', 'asked', program, 'exit'], { MICROLOG_SERVER: collector.uiUrl, ...keys })
  const keyless = await run({ MICROLOG_INGEST_KEY: 'in' })
  expect(keyless.stderr).toContain('not confirmed')
  expect(keyless.stderr).toContain('asks for MICROLOG_VIEW_KEY')
  expect(keyless.stderr).not.toContain('Microlog recorded')
  const refused = await run({ MICROLOG_INGEST_KEY: 'wrong', MICROLOG_VIEW_KEY: 'view' })
  expect(refused.stderr).toContain('nothing of asked has arrived')
  const taken = await run({ MICROLOG_INGEST_KEY: 'in', MICROLOG_VIEW_KEY: 'view' })
  expect(taken.stderr).toContain('Microlog recorded asked')
}, 60_000)

test('who names the port of OTLP is told where the screens are asked for', async () => {
  const collector = await createCollector({ store: temporaryFolder(), port: 0, otlpPort: 0, ui: false })
  onTestFinished(() => collector.close())
  const { stderr } = await runNode([cliPath, 'run', 'ports', program, 'exit'], {
    MICROLOG_SERVER: collector.otlpUrl
  })
  expect(stderr).toContain(`${collector.otlpUrl} is where it takes OTLP, MICROLOG_SERVER where`)
  expect(stderr).not.toContain('has arrived')
}, 60_000)

test('a server that goes while the program runs is told of', async () => {
  const collector = await createCollector({ store: temporaryFolder(), port: 0, otlpPort: 0, ui: false })
  const started = startNode([cliPath, 'run', 'left', program, 'signal'], {
    MICROLOG_SERVER: collector.uiUrl,
    MICROLOG_EXIT_DELAY: '1'
  })
  await started.printed('ready')
  await collector.close()
  started.child.kill('SIGTERM')
  const { stderr } = await started.ended
  expect(stderr).toMatch(/not confirmed.*nothing answers at .* any more \(connect ECONNREFUSED/)
  expect(stderr).not.toContain('Microlog recorded')
}, 60_000)

test('why a named server can’t be used is said', async () => {
  const run = async (server: string) => {
    const { stderr } = await runNode([cliPath, 'run', 'elsewhere', program, 'exit'], {
      ...alone(),
      MICROLOG_SERVER: server
    })
    return stderr
  }
  expect(await run('http://127.0.0.1:9')).toMatch(/nothing answers at .*ECONNREFUSED.*into the store/)
  expect(await run('http://nowhere.invalid')).toMatch(
    /nothing answers at .*nowhere\.invalid \(.*(ENOTFOUND|EAI_AGAIN)/
  )
  const collector = await createCollector({
    store: temporaryFolder(),
    port: 0,
    otlpPort: 0,
    ui: false,
    tls: makeCertificate()
  })
  onTestFinished(() => collector.close())
  expect(await run(collector.uiUrl)).toMatch(/self-signed certificate: NODE_EXTRA_CA_CERTS/)
  expect(await run(collector.uiUrl.replace('https:', 'http:'))).toMatch(
    /socket hang up: one that takes TLS only is at https:/
  )
}, 60_000)

test('a label of many lines or characters keeps the box in its frame', async () => {
  for (const label of ['one\nand two', 'x'.repeat(10_000)]) {
    const { stderr } = await runNode([cliPath, 'run', label, program, 'exit'], alone())
    const box = stderr.split('\n').filter(line => /^[┌│└]/.test(line))
    expect(new Set(box.map(line => line.length)).size).toBe(1)
    expect(box[0]!.length).toBeLessThan(200)
    expect(box.at(-1)).toMatch(/^└/)
  }
}, 60_000)

test('an SDK is started also where the folder of the package is named after its peers, as pnpm does', async () => {
  const modules = join(temporaryFolder(), 'microlog@0.1.0_@opentelemetry+api@1.10.0/node_modules')
  const root = fileURLToPath(new URL('../../', import.meta.url))
  for (const name of ['package.json', 'dist']) {
    cpSync(root + name, join(modules, 'microlog', name), { recursive: true })
  }
  for (const name of ['@opentelemetry', '@jridgewell', 'v8-profiler-next']) {
    symlinkSync(`${root}node_modules/${name}`, join(modules, name))
  }
  const collector = await createCollector({ store: temporaryFolder(), port: 0, otlpPort: 0, ui: false })
  onTestFinished(() => collector.close())
  const { stderr } = await runNode(
    [join(modules, 'microlog/dist/cli/main.js'), 'run', 'peers', program, 'exit'],
    { MICROLOG_SERVER: collector.uiUrl }
  )
  expect(stderr).toContain('Microlog recorded peers')
  expect(stderr).not.toContain('no OpenTelemetry SDK')
}, 60_000)

test('a command that starts Node is recorded', async () => {
  const recorded = await runNode(
    [cliPath, 'run', 'command', '--', process.execPath, program, 'natural'],
    alone()
  )
  expect(recorded).toMatchObject({ code: 0, stdout: 'first line\nlast line\n' })
  const [recording] = await recordings('command')
  expect(recorded.stderr).toContain(recording!.id)
})

test('of npm start the program is recorded, not npm', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'microlog-test-npm-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'package.json'), '{"scripts":{"start":"node app.js"}}')
  writeFileSync(join(folder, 'app.js'), `console.log('started by npm')`)
  const env = { ...alone(), npm_config_update_notifier: 'false' }
  const recorded = await runNode([cliPath, 'run', 'by npm', '--', 'npm', 'start', '--silent'], env, {
    cwd: folder
  })
  expect(recorded).toMatchObject({ code: 0, stdout: 'started by npm\n' })
  expect(await recordings('by npm')).toMatchObject([{ logs: 1 }])
})

test('show names the processes that a recorded one started, and who started it', async () => {
  const child = `console.log('child')`
  const parent = `require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(child)}])`
  const recorded = await runNode([cliPath, 'run', 'family', '--', process.execPath, '-e', parent], alone())
  expect(recorded.code).toBe(0)
  const family = await recordings('family')
  expect(family).toHaveLength(2)
  // Of one name: the box tells them apart.
  for (const { id } of family) expect(recorded.stderr).toMatch(new RegExp(`family  ${id}  \\(pid \\d+\\) `))
  const shown = await Promise.all(
    family.map(async ({ id }) => (await runNode([cliPath, 'show', id], alone())).stdout)
  )
  const [first, second] = family.map(({ id }) => id)
  const started = shown.findIndex(text => /^started by family, pid \d+  /m.test(text))
  const other = started === 0 ? second : first
  const own = started === 0 ? first : second
  expect(shown[started]).toContain(`  ${other}\n`)
  expect(shown[1 - started]).toMatch(new RegExp(`^started family, pid \\d+  ${own}$`, 'm'))
  const json = JSON.parse((await runNode([cliPath, 'show', other!, '--json'], alone())).stdout) as object
  expect(json).toMatchObject({ children: [own] })
})

test('a signal reaches the program, and its death is ours', async () => {
  const started = startNode([cliPath, 'run', 'signal', program, 'signal'], alone())
  await started.printed('ready')
  started.child.kill('SIGTERM')
  expect(await started.ended).toMatchObject({ code: null, signal: 'SIGTERM' })
  expect(await recordings('signal')).toMatchObject([{ logs: 3 }])
})

test('a program that handles the signal ends as it likes', async () => {
  const started = startNode([cliPath, 'run', 'handles', program, 'own-handler'], alone())
  await started.printed('ready')
  started.child.kill('SIGTERM')
  expect(await started.ended).toMatchObject({ code: 7, signal: null })
})

test('the name an SDK gives goes before the label, and spans meet logs in one recording', async () => {
  const recorded = await runNode([cliPath, 'run', 'both names', programPath('with-sdk.mjs'), 'exit'], {
    ...alone(),
    TEST_SERVICE: 'named by its sdk'
  })
  expect(recorded.code).toBe(3)
  const [recording, ...others] = await recordings('both names')
  expect(others).toEqual([])
  expect(recording).toMatchObject({ service: 'named by its sdk', logs: 1, spans: 1 })
  expect(recorded.stderr).toContain(recording!.id)
})

test('an SDK without a name takes the label', async () => {
  await runNode([cliPath, 'run', 'label for it', programPath('with-sdk.mjs'), 'shutdown'], alone())
  expect(await recordings('label for it')).toMatchObject([{ logs: 1, spans: 1 }])
})

test("kept from recording by Node's permission model, it says that this is why", async () => {
  const permission = process.allowedNodeEnvironmentFlags.has('--permission')
    ? '--permission'
    : '--experimental-permission'
  const command = [process.execPath, '--no-warnings', permission, '--allow-fs-read=*', program, 'natural']
  const { code, stderr } = await runNode([cliPath, 'run', 'kept', '--', ...command], alone())
  expect(code).toBe(0)
  expect(stderr).toMatch(
    /^microlog: no recording was named: Node's permission model .*limits\.md of microlog$/m
  )
})

test('switched off, the program just runs', async () => {
  const ended = await runNode([cliPath, 'run', 'off', program, 'exit'], {
    ...alone(),
    MICROLOG_DISABLE: 'true'
  })
  expect(ended).toEqual(await runNode([program, 'exit']))
  expect(await recordings('off')).toEqual([])
})

test('a command that does not exist says so and ends with 127', async () => {
  const ended = await runNode([cliPath, 'run', 'missing', '--', 'no-such-command-here'], alone())
  expect(ended).toMatchObject({ code: 127, stdout: '' })
  expect(ended.stderr).toContain('did not start')
})

test.each([[[]], [['label']], [['label', '--']], [['--unknown', 'label', 'x.js']]])(
  'wrong use ends with 2: %j',
  async words => {
    const ended = await runNode([cliPath, 'run', ...words], alone())
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain('microlog run --help')
  }
)

test.each([
  [['app.js'], 'expected LABEL before app.js, any name for the recording'],
  [['label', '--heap', 'app.js'], 'expected --heap before LABEL'],
  [['label', '--store=x', 'app.js'], 'expected --store=x before LABEL'],
  [['--store'], 'expected a folder or s3://bucket/prefix after --store'],
  [['--catlog', 'x', 'label', 'app.js'], 'expected LABEL, found --catlog, did you mean --catalog?']
])('%j tells what stands where', (words, what) => {
  expect(readRequest(words)).toBe(what)
})

test.each(['127.0.0.1:7777', 'localhost:7777', 'nowhere'])(
  'a server called %s is said to be no URL',
  async server => {
    const { stderr } = await runNode([cliPath, 'run', 'wrong-server', program, 'exit'], {
      ...alone(),
      MICROLOG_SERVER: server
    })
    expect(stderr).toContain(
      `expected MICROLOG_SERVER to be a URL such as http://127.0.0.1:7777, found ${server}`
    )
    expect(await recordings('wrong-server')).not.toEqual([])
  }
)

test("Node's own flags may stand before the script", () => {
  expect(readRequest(['label', '--inspect', 'app.js'])).toMatchObject({ args: ['--inspect', 'app.js'] })
})

test('flags of the program are not flags of run', () => {
  expect(readRequest(['label', 'app.js', '--store', 'x', '--help'])).toMatchObject({
    label: 'label',
    store: undefined,
    args: ['app.js', '--store', 'x', '--help']
  })
  expect(readRequest(['--store=/s', 'label', '--', 'npm', 'start', '--', '-x'])).toEqual({
    label: 'label',
    store: '/s',
    heap: false,
    command: 'npm',
    args: ['start', '--', '-x']
  })
  expect(readRequest(['--heap', 'label', 'app.js', '--heap'])).toMatchObject({
    heap: true,
    args: ['app.js', '--heap']
  })
})

test("the user's exporter and delays go before ours", () => {
  const context = {
    receiver: { otlpUrl: 'http://127.0.0.1:1', server: undefined, close: () => Promise.resolve() },
    folder: '/f',
    instanceId: 'i'
  }
  const theirs = {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://vendor',
    TRACER_SAMPLE_DELAY: '0.05',
    NODE_OPTIONS: '--no-warnings'
  }
  const env = buildEnvironment(theirs, 'label', context)
  expect(env).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://vendor', MICROLOG_SAMPLE_DELAY: '0.05' })
  expect(env.NODE_OPTIONS).toMatch(/^--no-warnings --require .*preload\.cjs$/)
  expect(buildEnvironment({}, 'label', context)).toMatchObject({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    MICROLOG_SAMPLE_DELAY: '0.01'
  })
  expect(buildEnvironment({ MICROLOG_SAMPLE_DELAY: 'often' }, 'label', context)).toMatchObject({
    MICROLOG_SAMPLE_DELAY: '0.01'
  })
})
