// The demo as a newcomer runs it, on free ports and in a store of its own.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** On a busy machine a demo takes its time. */
const PATIENCE_MS = 240_000
const FLAGS = ['--port', '--otlp-port', '--shop-port', '--stock-port']

interface ListedRecording {
  label: string
  samples: number
  spans: number
  logs: number
  statuses: number
}

let store: string
let ports: number[]

beforeEach(async () => {
  store = mkdtempSync(join(tmpdir(), 'microlog-demo-test-'))
  ports = await findFreePorts(FLAGS.length)
})

afterEach(() => rmSync(store, { recursive: true, force: true }))

test(
  'ends by itself after --seconds and leaves recordings of both services',
  async () => {
    const demo = startDemo('--seconds', '8')
    expect(await demo.ended).toBe(0)
    expect(demo.output()).toContain(`→ Open http://127.0.0.1:${ports[0]}`)
    expect(demo.output()).toMatch(/ shop +[0-9a-z]{26} /)

    const recordings = await listStore()
    const ofShop = recordings.filter(recording => recording.label === 'shop')
    expect(recordings.map(recording => recording.label)).toEqual(expect.arrayContaining(['shop', 'stock']))
    expect(ofShop).toHaveLength(1)
    expect(ofShop[0]?.samples).toBeGreaterThan(0)
    expect(ofShop[0]?.spans).toBeGreaterThan(0)
    expect(ofShop[0]?.logs).toBeGreaterThan(0)
    expect(ofShop[0]?.statuses).toBeGreaterThan(0)
  },
  PATIENCE_MS
)

test(
  'ends on Ctrl-C with 0, and nothing it started is left',
  async () => {
    const demo = startDemo()
    await expect.poll(() => demo.output(), { timeout: PATIENCE_MS / 2 }).toContain('→ Open')
    demo.interrupt()
    expect(await demo.ended).toBe(0)
    expect(await Promise.all(ports.map(isFree))).toEqual([true, true, true, true])
  },
  PATIENCE_MS
)

test('names every taken port and the flag that chooses another, and starts nothing', async () => {
  const [uiPort, otlpPort] = ports as [number, number]
  const taken = await Promise.all([uiPort, otlpPort].map(listen))
  const demo = startDemo()
  expect(await demo.ended).toBe(1)
  taken.forEach(server => server.close())
  expect(demo.output()).toContain(`Port ${uiPort}, meant for the UI, is taken.`)
  expect(demo.output()).toContain(`Port ${otlpPort}, meant for OTLP, is taken.`)
  expect(demo.output()).toContain(`npm run demo -- --port ${uiPort + 100} --otlp-port ${otlpPort + 100}`)
  expect(demo.output()).not.toContain('Collector')
})

test('refuses a flag it does not know, and points to its help', async () => {
  const demo = startDemo('--fast')
  expect(await demo.ended).toBe(1)
  expect(demo.output()).toContain('npm run demo -- --help')
})

function startDemo(...args: string[]): { ended: Promise<number>; output(): string; interrupt(): void } {
  const portFlags = FLAGS.flatMap((flag, index) => [flag, String(ports[index])])
  const child = spawn(process.execPath, ['scripts/demo.mjs', '--no-build', ...portFlags, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, MICROLOG_STORE: store }
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => (output += text))
  return {
    ended: once(child, 'close').then(([code]) => code),
    output: () => output,
    interrupt: () => child.kill('SIGINT')
  }
}

async function listStore(): Promise<ListedRecording[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ['dist/cli/main.js', 'ls', '--json'], {
    cwd: root,
    env: { ...process.env, MICROLOG_STORE: store }
  })
  return JSON.parse(stdout)
}

async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)))
  const found = servers.map(server => (server.address() as AddressInfo).port)
  servers.forEach(server => server.close())
  return found
}

async function listen(port: number): Promise<ReturnType<typeof createServer>> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function isFree(port: number): Promise<boolean> {
  const server = await listen(port).catch(() => undefined) // taken: the answer is no
  server?.close()
  return server !== undefined
}
