// Collectors of many machines over one bucket and one PostgreSQL: real ones, that are killed, and a database that goes away.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Health, RecordingPage, RecordingSummary } from '../../src/collector/api.ts'
import { createCollector } from '../../src/collector/index.ts'
import { recordingId } from '../../src/collector/store/recording-id.ts'
import { openStore } from '../../src/collector/open-store.ts'
import { segmentId } from '../../src/collector/store/keys.ts'
import { startPostgres } from '../helpers/postgres.ts'
import type { Postgres } from '../helpers/postgres.ts'
import { cliPath, runNode } from '../helpers/run-node.ts'
import type { S3Server } from '../helpers/s3-server.ts'
import { smallBucket, useEnvironment } from './bucket.ts'
import { startCollectorProcess } from './collector-process.ts'
import type { CollectorProcess } from './collector-process.ts'
import { sendSpans, spansRequest } from './span-sender.ts'
import { storedSpanIds } from './stored-spans.ts'
import { temporaryFolder } from './temporary-store.ts'

const quiet = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' }
const patient = { timeout: 60_000, interval: 50 }
const longMs = 300_000

interface Shared {
  postgres: Postgres
  where: string
  server: S3Server
  env: Record<string, string>
  /** @param ports of screens and OTLP; free ones where none are given */
  start(ports?: readonly string[]): Promise<CollectorProcess>
}

/** A bucket and a database; each collector has a machine of its own. */
async function share(): Promise<Shared> {
  const [postgres, bucket] = await Promise.all([startPostgres(), smallBucket()])
  const env = { ...bucket.env, ...quiet, MICROLOG_CATALOG: postgres.url }
  useEnvironment(env)
  const script = 'cataloged-process.mjs'
  const { where, server } = bucket
  return {
    postgres,
    where,
    server,
    env,
    start: (ports = []) =>
      startCollectorProcess([where, ...ports], { script, env: { ...env, HOME: temporaryFolder() } })
  }
}

const healthOf = async ({ uiUrl }: { uiUrl: string }): Promise<Health> =>
  (await (await fetch(`${uiUrl}/healthz`)).json()) as Health

async function recordingsOf({ uiUrl }: { uiUrl: string }): Promise<RecordingSummary[]> {
  return ((await (await fetch(`${uiUrl}/api/recordings`)).json()) as RecordingPage).items
}

function send({ otlpUrl }: { otlpUrl: string }, digit: string, instance = 'sender'): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  const body = spansRequest([digit.repeat(16)], instance)
  return fetch(`${otlpUrl}/v1/traces`, { method: 'POST', headers, body })
}

test(
  'what one collector takes another one lists and deletes, for good, and commands find it',
  async () => {
    const { where, env, start } = await share()
    const [first, second] = await Promise.all([start(), start()])
    const id = recordingId({ namespace: '', name: 'ledger', instance: 'doomed' })
    expect((await send(first, '1', 'doomed')).status).toBe(200)
    expect((await send(first, '2', 'kept')).status).toBe(200)
    await expect.poll(async () => (await recordingsOf(second)).length, patient).toBe(2)
    const whole = await fetch(`${second.uiUrl}/api/recordings/${id}/export?format=microlog`)
    expect(whole.status).toBe(200)

    expect((await fetch(`${second.uiUrl}/api/recordings/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await send(first, '3', 'doomed')).status).toBe(200)
    const listed = await runNode([cliPath, 'ls', '--json', '--store', where], env)
    expect(JSON.parse(listed.stdout)).toMatchObject([{ label: 'ledger', spans: 1 }])
    expect([await first.end(), await second.end()]).toEqual([0, 0])
    expect(await storedSpanIds(where)).toEqual(['2'.repeat(16)])
  },
  longMs
)

test(
  'every command reads and writes what the catalog names',
  async () => {
    const { postgres, where, env, server } = await share()
    const folder = temporaryFolder()
    const own = { ...env, MICROLOG_STORE: where, HOME: folder }
    const cli = async (...args: string[]): Promise<string> => {
      const done = await runNode([cliPath, ...args], own)
      expect([args[0], done.code, done.stderr]).toEqual([args[0], 0, expect.any(String)])
      return done.stdout
    }
    const script = join(folder, 'work.js')
    writeFileSync(script, 'const until = Date.now() + 300; while (Date.now() < until) Math.sqrt(until)')
    await cli('run', 'worked', script)
    const file = join(folder, 'one.microlog')
    const ids = async () =>
      (JSON.parse(await cli('ls', '--json')) as { id: string; label: string }[]).map(({ id }) => id)
    const [id] = await ids()
    expect(JSON.parse(await cli('show', id!, '--json'))).toMatchObject({ id, label: 'worked' })
    await cli('export', id!, '--format', 'microlog', '-o', file)
    expect(readFileSync(file).length).toBeGreaterThan(100)
    expect(JSON.parse(await cli('diff', id!, id!, '--json'))).toMatchObject({ a: { id }, b: { id } })

    // In the bucket, and named by nothing: what a command finds that forgets the catalog.
    const unnamed = recordingId({ namespace: '', name: 'worked', instance: 'unnamed' })
    for (const [key, object] of [...server.objects])
      if (key.includes(`/recordings/${id}/`)) server.objects.set(key.replace(id!, unnamed), object)
    expect(await ids()).toEqual([id])
    const given = ['--catalog', postgres.url]
    for (const words of [
      ['show', unnamed],
      ['export', unnamed, '--format', 'microlog', '-o', join(folder, 'none.microlog')],
      ['diff', id!, unnamed],
      ['rm', unnamed]
    ]) {
      const missed = await runNode([cliPath, ...words], own)
      expect([words[0], missed.code, missed.stderr]).toEqual([
        words[0],
        1,
        expect.stringContaining('No recording')
      ])
      const named = await runNode([cliPath, ...words, ...given], { ...own, MICROLOG_CATALOG: '' })
      expect([words[0], named.code, named.stderr]).toEqual([
        words[0],
        1,
        expect.stringContaining('No recording')
      ])
    }
    await cli('compact')
    await cli('rm', id!)
    expect(await ids()).toEqual([])
    const other = join(folder, 'profile.cpuprofile')
    writeFileSync(
      other,
      JSON.stringify({
        nodes: [{ id: 1, callFrame: { functionName: 'main', url: 'a.js', lineNumber: 0, columnNumber: 0 } }],
        samples: [1, 1],
        timeDeltas: [0, 1000],
        startTime: 0,
        endTime: 2000
      })
    )
    const imported = JSON.parse(await cli('import', other, '--json')) as string[]
    expect(await ids()).toEqual(imported)
  },
  longMs
)

test(
  'collectors are killed with what they took partly unsealed: others adopt their journals, and each acknowledged span is there once',
  async () => {
    const { postgres, where, start } = await share()
    const steady = await start()
    const acknowledged: string[] = []
    for (let kill = 0; kill < 4; kill++) {
      const doomed = await start()
      const sender = sendSpans(`${doomed.otlpUrl}/v1/traces`, 3, `killed ${kill}`)
      const others = sendSpans(`${steady.otlpUrl}/v1/traces`, 2, 'steady')
      await expect.poll(() => sender.acknowledged.size, patient).toBeGreaterThan(10 + 7 * kill)
      await Promise.all([sender.stop(), others.stop()])
      await doomed.kill()
      acknowledged.push(...sender.acknowledged, ...others.acknowledged)
    }
    const stored = async () => (await storedSpanIds(where)).sort()
    await expect.poll(async () => (await stored()).length, patient).toBe(acknowledged.length)
    expect(await steady.end()).toBe(0)
    expect(await stored()).toEqual(acknowledged.sort())
    const left = await postgres.query("SELECT name FROM microlog_leases WHERE renewed_at <> '-infinity'")
    expect(left).toEqual([])
  },
  longMs
)

test(
  'of kills amid ingest, each acknowledged span is there exactly once, though unanswered requests are sent again',
  async () => {
    const { where, start } = await share()
    const steady = await start()
    let doomed = await start()
    const ports = [new URL(doomed.uiUrl).port, new URL(doomed.otlpUrl).port]
    const sender = sendSpans(`${doomed.otlpUrl}/v1/traces`, 6, 'killed')
    const others = sendSpans(`${steady.otlpUrl}/v1/traces`, 2, 'steady')
    for (let kill = 0; kill < 5; kill++) {
      const enough = sender.acknowledged.size + 20 + ((kill * 7) % 12)
      await expect.poll(() => sender.acknowledged.size, patient).toBeGreaterThan(enough)
      await doomed.kill()
      doomed = await start(ports)
    }
    await Promise.all([sender.stop(), others.stop()])
    const acknowledged = [...sender.acknowledged, ...others.acknowledged].sort()
    expect(sender.retries()).toBeGreaterThan(0)
    const stored = async () => (await storedSpanIds(where)).sort()
    await expect
      .poll(async () => (await stored()).length, patient)
      .toBeGreaterThanOrEqual(acknowledged.length)
    expect([await doomed.end(), await steady.end()]).toEqual([0, 0])
    expect(await stored()).toEqual(acknowledged)
  },
  longMs
)

test(
  'a collector that stood still for too long seals nothing that another has taken over, and says so',
  async () => {
    const { postgres, where, start } = await share()
    const zombie = await start()
    expect((await send(zombie, '1')).status).toBe(200)
    // What another collector does to the lease of one that is silent.
    await postgres.query(
      "UPDATE microlog_leases SET owner = 'another', renewed_at = now() + interval '1 day'"
    )
    await expect.poll(async () => (await send(zombie, '2')).status, patient).toBe(503)
    await expect.poll(async () => (await healthOf(zombie)).problems.join(), patient).toContain('taken over')
    await zombie.end()
    await postgres.query("UPDATE microlog_leases SET renewed_at = '-infinity'")
    const heir = await start()
    await expect.poll(() => storedSpanIds(where), patient).toContain('1'.repeat(16))
    expect(await heir.end()).toBe(0)
    const stored = await storedSpanIds(where)
    expect(new Set(stored).size).toBe(stored.length)
  },
  longMs
)

test(
  'a segment is refused in the transaction that would name it, once another has taken over its journal',
  async () => {
    const { postgres, where } = await share()
    const { catalog, journals, checkWriting, close } = await openStore(where)
    await checkWriting()
    const journal = await journals.create()
    expect(await journal.lease.renew()).toBe(true)
    await postgres.query("UPDATE microlog_leases SET owner = 'another'")
    const id = recordingId({ namespace: '', name: 'ledger', instance: 'late' })
    const adding = catalog.addSegment(id, segmentId(journal.id, 1, 2), Buffer.from('late'))
    await expect(adding).rejects.toThrow('taken over')
    expect(await postgres.query('SELECT key FROM microlog_objects')).toEqual([])
    await close()
  },
  longMs
)

test(
  'without its database a collector starts and answers 503, and goes on once it is back',
  async () => {
    const { postgres, where, start } = await share()
    await postgres.stop()
    const collector = await start()
    const refused = await send(collector, '1')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.any(String)])
    expect((await fetch(`${collector.uiUrl}/api/recordings`)).status).toBe(503)
    const health = await healthOf(collector)
    expect(health).toMatchObject({
      status: 'degraded',
      store: where,
      catalog: expect.stringMatching(/^postgres:/)
    })
    expect(JSON.stringify(health) + collector.stderr()).not.toContain(postgres.password)

    await postgres.start()
    await expect.poll(async () => (await send(collector, '1')).status, patient).toBe(200)
    await postgres.stop()
    expect((await send(collector, '2')).status).toBe(503)
    await postgres.start()
    await expect.poll(async () => (await send(collector, '3')).status, patient).toBe(200)
    // Retention looks once a minute, and says until then that it couldn't.
    const problems = async () =>
      (await healthOf(collector)).problems.filter(problem => !problem.startsWith('Old recordings'))
    await expect.poll(problems, patient).toEqual([])
    expect(await collector.end()).toBe(0)
    expect((await storedSpanIds(where)).sort()).toEqual(['1', '3'].map(digit => digit.repeat(16)))
  },
  longMs
)

test(
  'wrong settings end the start at once, without the password',
  async () => {
    const { postgres, where } = await share()
    const begin = (catalog: string, store = where) =>
      createCollector({ store, catalog, port: 0, otlpPort: 0, ui: false }).then(
        () => 'started',
        (thrown: Error) => `${(thrown as { code?: string }).code}: ${thrown.message}`
      )
    expect(await begin('mysql://me:secret@localhost/x')).toBe(
      'invalid-input: Expected --catalog or MICROLOG_CATALOG to be a URL such as postgres://user:password@host:5432/database'
    )
    const wrong = await begin(postgres.url.replace(postgres.password, 'wrong-secret'))
    expect(wrong).toMatch(/^invalid-input: The catalog postgres:\/\/127\S+ doesn't let us in .*password/)
    expect(wrong).not.toContain('wrong-secret')
    expect(await begin(postgres.url.replace(/postgres$/, 'nowhere'))).toMatch(
      /^invalid-input: .*"nowhere" does not/
    )
    expect(await begin(postgres.url, temporaryFolder())).toMatch(/^invalid-input: Expected --store s3:/)

    await (await openStore(where)).checkWriting()
    expect(await begin(postgres.url, 's3://small-bucket/another')).toMatch(
      /^invalid-input: .* is of the store s3:/
    )
    await postgres.query('UPDATE microlog_catalog SET version = 2')
    expect(await begin(postgres.url)).toMatch(/^unsupported: .* to have version 1, found 2/)
  },
  longMs
)

test(
  'an empty database is filled from the bucket; what no row names is not shown, and stays for a day',
  async () => {
    const { postgres, where, start } = await share()
    const collector = await start()
    expect((await send(collector, '1')).status).toBe(200)
    await collector.kill()
    await postgres.query('DROP TABLE microlog_catalog, microlog_objects, microlog_leases')
    const next = await start()
    await expect.poll(() => storedSpanIds(where), patient).toEqual(['1'.repeat(16)])
    expect(await next.end()).toBe(0)
    await postgres.query("DELETE FROM microlog_objects WHERE key LIKE 'recordings/%'")
    expect(await storedSpanIds(where)).toEqual([])
    const { database } = await openStore(where)
    expect(await database!.sweep()).toBe(0)
  },
  longMs
)

test(
  'what no row names is swept after a day, what a row names or what is not ours never',
  async () => {
    const { where, server } = await share()
    const { catalog, checkWriting, database, close } = await openStore(where)
    await checkWriting()
    const id = recordingId({ namespace: '', name: 'ledger', instance: 'named' })
    await catalog.addSegment(id, segmentId('abc', 1, 2), Buffer.from('named'))
    const named = [...server.objects.keys()].filter(key => key.includes('/recordings/'))
    const prefix = 'some/prefix/'
    const left = [`${prefix}journal/gone/00000001.journal`, `${prefix}notes/of-somebody.txt`]
    const writtenMs = Date.now() - 23 * 3_600_000
    for (const key of left) server.objects.set(key, { bytes: Buffer.from('left'), writtenMs })
    expect(await database!.sweep()).toBe(0)
    for (const object of server.objects.values()) object.writtenMs -= 25 * 3_600_000
    expect(await database!.sweep()).toBe(1)
    const kept = [...server.objects.keys()]
    expect(kept).toEqual(expect.arrayContaining([...named, left[1]]))
    expect(kept).not.toContain(left[0])
    await close()
  },
  longMs
)

test(
  'while its bucket is away a collector answers 503, and goes on once it is back: what was acknowledged is there once',
  async () => {
    const { where, server, start } = await share()
    const collector = await start()
    expect((await send(collector, '1')).status).toBe(200)
    server.options.fault = () => ({ status: 503, code: 'ServiceUnavailable' })
    const refused = await send(collector, '2')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, expect.any(String)])
    const { status, problems } = await healthOf(collector)
    expect([status, problems]).toEqual([
      'degraded',
      expect.arrayContaining([expect.stringContaining("The journal can't be written")])
    ])
    delete server.options.fault
    await expect.poll(async () => (await send(collector, '3')).status, patient).toBe(200)
    expect(await collector.end()).toBe(0)
    expect((await storedSpanIds(where)).sort()).toEqual(['1', '3'].map(digit => digit.repeat(16)))
  },
  longMs
)

test(
  'a collector tells how its database is, how many segments it names, and how many share it',
  async () => {
    const { postgres, where } = await share()
    const options = { store: where, port: 0, otlpPort: 0, ui: false, sealAfterMs: 100, adoptAfterMs: 1500 }
    const [first, second] = await Promise.all([createCollector(options), createCollector(options)])
    const stateOf = async () => (await healthOf(first)).catalogState
    const list = async () => (await (await fetch(`${first.uiUrl}/api/recordings`)).json()) as RecordingPage
    const metrics = async () => (await fetch(`${first.uiUrl}/metrics`)).text()
    await expect.poll(stateOf, patient).toEqual({ answers: true, others: 1 })
    expect(await list()).toEqual({ items: [], others: 1 })
    expect((await send(second, '1')).status).toBe(200)
    await second.close()
    await expect.poll(stateOf, patient).toEqual({ answers: true, others: 0 })
    await expect.poll(async () => (await list()).items.length, patient).toBe(1)
    expect(await list()).not.toHaveProperty('others')
    expect(await metrics()).toMatch(/^microlog_segments 1$/m)
    expect(await metrics()).toMatch(/^microlog_catalog_up 1$/m)
    expect(await metrics()).toMatch(/^microlog_catalog_collectors 1$/m)

    await postgres.stop()
    await expect.poll(stateOf, patient).toEqual({ answers: false, others: 0 })
    expect(await metrics()).toMatch(/^microlog_catalog_up 0$/m)
    expect(await metrics()).toMatch(/^microlog_catalog_failures_total [1-9]/m)
    await postgres.start()
    await expect.poll(async () => (await stateOf())?.answers, patient).toBe(true)
    await first.close()
  },
  longMs
)
