// Collectors over a bucket: as a user starts them, with machines that die and buckets that fail for a while.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Health } from '../../src/collector/api.ts'
import { createCollector } from '../../src/collector/index.ts'
import { openStore } from '../../src/collector/open-store.ts'
import type { S3Fault } from '../helpers/s3-server.ts'
import { cliPath, programPath, runNode } from '../helpers/run-node.ts'
import { openBucketStore, realBucket, realS3, smallBucket, useEnvironment } from './bucket.ts'
import type { TestBucket } from './bucket.ts'
import { startCollectorProcess } from './collector-process.ts'
import type { CollectorProcess } from './collector-process.ts'
import { sendSpans, spansRequest } from './span-sender.ts'
import { storedSpanIds } from './stored-spans.ts'
import { temporaryFolder } from './temporary-store.ts'

const kinds: { kind: string; createBucket(): Promise<TestBucket> }[] = [
  { kind: 'a bucket', createBucket: () => smallBucket({ pageSize: 50 }) },
  ...(realS3 ? [{ kind: 'a real bucket', createBucket: () => Promise.resolve(realBucket()) }] : [])
]
/** Of the SDK about old releases of Node: it would be told by each process. */
const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }

const healthOf = async ({ uiUrl }: { uiUrl: string }): Promise<Health> =>
  (await (await fetch(`${uiUrl}/healthz`)).json()) as Health

/** A machine with a disk of its own. */
function createMachine({ env }: TestBucket) {
  const home = temporaryFolder()
  const own = { ...env, ...quiet, HOME: home }
  return {
    home,
    env: own,
    serve: (args: readonly string[], script?: string): Promise<CollectorProcess> =>
      startCollectorProcess(args, { env: own, ...(script !== undefined && { script }) })
  }
}

async function sendSpan({ otlpUrl }: { otlpUrl: string }, spanId: string): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const body = spansRequest([spanId], 'sender')
  return (await fetch(`${otlpUrl}/v1/traces`, { method: 'POST', headers, body })).status
}

describe.each(kinds)('$kind', ({ createBucket }) => {
  test('takes a recorded program, which every command then finds, exports, compacts and removes', async () => {
    const bucket = await createBucket()
    const machine = createMachine(bucket)
    const store = ['--store', bucket.where]
    const collector = await machine.serve([
      ...store,
      '--port',
      '0',
      '--otlp-port',
      '0',
      '--seal-after',
      '0.5'
    ])
    const microlog = async (...args: string[]) => {
      const ended = await runNode([cliPath, ...args], machine.env)
      expect({ args, code: ended.code, err: ended.stderr }).toMatchObject({ args, code: 0 })
      return ended.stdout
    }
    const program = programPath('ways-out.mjs')
    const run = await runNode([cliPath, 'run', 'in a bucket', program, 'natural'], {
      ...machine.env,
      MICROLOG_SERVER: collector.uiUrl
    })
    expect(run.code).toBe(0)
    const listed = async () =>
      JSON.parse(await microlog('ls', '--json', ...store)) as Record<string, unknown>[]
    await expect.poll(async () => (await listed())[0]?.['logs'], { timeout: 30_000 }).toBe(2)
    const [recording] = await listed()
    const id = String(recording!['id'])
    expect(recording).toMatchObject({ label: 'in a bucket', samples: expect.any(Number) })
    expect((await healthOf(collector)).store).toBe(bucket.where)
    expect(await collector.end()).toBe(0)

    const shown = JSON.parse(await microlog('show', id, '--json', ...store)) as Record<string, unknown>
    expect(shown['counts']).toMatchObject({ logs: 2 })
    const out = join(machine.home, 'out.microlog')
    await microlog('export', id, '--format', 'microlog', '-o', out, ...store)
    await microlog('compact', ...store)
    expect((await listed()).map(({ logs }) => logs)).toEqual([2])
    expect(await microlog('rm', id, ...store)).toContain(`Removed ${id}`)
    expect(await listed()).toEqual([])
    expect((await microlog('import', out, ...store)).trim()).toBe(id)
    expect((await listed()).map(({ logs }) => logs)).toEqual([2])

    const alone = { ...machine.env, MICROLOG_SERVER: 'http://127.0.0.1:9', MICROLOG_S3_ROOT: bucket.where }
    const second = await runNode([cliPath, 'run', 'without a server', program, 'natural'], alone)
    expect(second.code).toBe(0)
    expect((await listed()).map(({ label }) => label).sort()).toEqual(['in a bucket', 'without a server'])
    // Only journals are on the disk, and they went with their collectors.
    const names = readdirSync(join(machine.home, '.microlog'), { recursive: true, encoding: 'utf8' })
    expect(names.filter(name => /recordings|\.journal$/.test(name))).toEqual([])
  }, 300_000)

  test('of two machines that seal and compact all the time, of which one dies, has each acknowledged span once', async () => {
    const bucket = await createBucket()
    const machines = [createMachine(bucket), createMachine(bucket)]
    const start = (machine: (typeof machines)[number], ...ports: string[]) =>
      machine.serve([bucket.where, ...ports], 'compacting-process.mjs')
    const [first, second] = await Promise.all([start(machines[0]!), start(machines[1]!)])
    const senders = [first, second].map(({ otlpUrl }, i) =>
      sendSpans(`${otlpUrl}/v1/traces`, 2, `machine ${i}`)
    )
    const enough = (count: number) =>
      expect
        .poll(() => Math.min(...senders.map(({ acknowledged }) => acknowledged.size)), { timeout: 60_000 })
        .toBeGreaterThan(count)
    await enough(100)
    const store = await openBucketStore(bucket)
    const isCompacted = async () =>
      (await store.list('recordings/')).some(({ key }) => /\/(?:hour|day)-/.test(key))
    await expect.poll(isCompacted, { timeout: 60_000 }).toBe(true)
    await first!.kill()
    await senders[1]!.stop()
    const again = await start(machines[0]!, new URL(first!.uiUrl).port, new URL(first!.otlpUrl).port)
    await senders[0]!.stop()
    expect([(await healthOf(second!)).problems, (await healthOf(again)).problems]).toEqual([[], []])
    expect([await again.end(), await second!.end()]).toEqual([0, 0])

    const stored = await storedSpanIds(bucket.where)
    expect(stored.sort()).toEqual(senders.flatMap(({ acknowledged }) => [...acknowledged]).sort())
  }, 300_000)
})

/** A bucket that fails when it is told to. */
async function failingBucket() {
  let fault: S3Fault | undefined
  const bucket = await smallBucket({ fault: () => fault })
  useEnvironment({ ...bucket.env, HOME: temporaryFolder() })
  return {
    ...bucket,
    fail: (how: S3Fault = { status: 503, code: 'SlowDown' }) => (fault = how),
    mend: () => (fault = undefined)
  }
}

describe('a bucket that fails for a while', () => {
  const options = { port: 0, otlpPort: 0, ui: false, sealAfterMs: 50 }

  test('costs no data: requests are taken, /healthz says why nothing is sealed, and then it is', async () => {
    const bucket = await failingBucket()
    const collector = await createCollector({ ...options, store: bucket.where })
    onTestFinished(() => collector.close())
    bucket.fail({ status: 403, code: 'ExpiredToken' })
    expect(await sendSpan(collector, 'a'.repeat(16))).toBe(200)
    await expect.poll(async () => (await healthOf(collector)).status).toBe('degraded')
    expect((await healthOf(collector)).problems.join()).toMatch(
      /can't be sealed: The credentials aren't valid/
    )
    expect(await sendSpan(collector, 'b'.repeat(16))).toBe(200)
    const listing = () => fetch(`${collector.uiUrl}/api/recordings`)
    // What was listed before is shown for some seconds, with what is open.
    await expect.poll(async () => (await listing()).status).toBe(503)
    expect(await (await listing()).text()).toContain('AWS_ACCESS_KEY_ID')
    bucket.mend()
    await expect.poll(async () => (await healthOf(collector)).problems).toEqual([])
    const sealed = () => storedSpanIds(bucket.where)
    await expect.poll(async () => (await sealed()).sort()).toEqual(['a'.repeat(16), 'b'.repeat(16)])
  })

  test('doesn’t keep a collector from starting; a dead one’s journal waits, and nothing of it is set aside', async () => {
    const bucket = await failingBucket()
    const machine = {
      home: process.env['HOME']!,
      env: { ...bucket.env, ...quiet, HOME: process.env['HOME']! }
    }
    const args = ['--store', bucket.where, '--port', '0', '--otlp-port', '0', '--seal-after', '600']
    const dead = await startCollectorProcess(args, { env: machine.env })
    expect(await sendSpan(dead, 'c'.repeat(16))).toBe(200)
    await dead.kill()
    bucket.fail()
    const collector = await createCollector({ ...options, store: bucket.where })
    onTestFinished(() => collector.close())
    expect((await healthOf(collector)).problems.join()).toMatch(/can't be taken over now: .*503/)
    expect(await sendSpan(collector, 'd'.repeat(16))).toBe(200)
    bucket.mend()
    const sealed = () => storedSpanIds(bucket.where)
    const both = ['c'.repeat(16), 'd'.repeat(16)]
    await expect.poll(async () => (await sealed()).sort(), { timeout: 40_000 }).toEqual(both)
    const names = readdirSync(machine.home, { recursive: true, encoding: 'utf8' })
    expect(names.filter(name => name.includes('damaged'))).toEqual([])
  }, 120_000)

  test('makes no segment damaged: what couldn’t be read is there afterwards', async () => {
    const bucket = await failingBucket()
    const first = await createCollector({ ...options, store: bucket.where })
    expect(await sendSpan(first, 'e'.repeat(16))).toBe(200)
    await first.close()
    let isDenied = true
    bucket.server.options.fault = method =>
      isDenied && method === 'GET' ? { status: 403, code: 'AccessDenied' } : undefined
    const collector = await createCollector({ ...options, store: bucket.where }).catch(
      (thrown: unknown) => thrown
    )
    // Reading is tried at the start, too.
    expect(collector).toMatchObject({ code: 'invalid-input', message: expect.stringMatching(/s3:GetObject/) })
    const { library } = await openStore(bucket.where)
    expect(await library.open()).toEqual([])
    expect([...library.damaged.values()].join()).toMatch(/s3:GetObject/)
    isDenied = false
    expect(await library.open()).toHaveLength(1)
    expect([...library.damaged]).toEqual([])
  })
})

test('a collector says at its start what is wrong with a bucket, and leaves nothing behind', async () => {
  const bucket = await smallBucket({ overwrites: true })
  const machine = createMachine(bucket)
  const serve = (where: string, env = {}) =>
    runNode([cliPath, 'serve', '--store', where, '--port', '0', '--otlp-port', '0'], {
      ...machine.env,
      ...env
    })
  expect(await serve(bucket.where)).toMatchObject({ code: 1, stderr: expect.stringMatching(/If-None-Match/) })
  expect(await serve('s3://no-bucket')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/no bucket no-b/)
  })
  expect(await serve(bucket.where, { AWS_ACCESS_KEY_ID: 'x' })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/AWS_ACCESS_KEY_ID/)
  })
  expect(existsSync(join(machine.home, '.microlog'))).toBe(false)
  expect(bucket.server.objects.size).toBe(0)
})
