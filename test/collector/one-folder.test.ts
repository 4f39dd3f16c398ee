// Many at once in one folder: collectors, recorded programs with collectors of their own, deletions.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Page, RecordingSummary } from '../../src/collector/api.ts'
import { recordingId } from '../../src/collector/store/recording-id.ts'
import { cliPath, programPath, runNode } from '../helpers/run-node.ts'
import { startCollectorProcess } from './collector-process.ts'
import type { CollectorProcess } from './collector-process.ts'
import { sendSpans, spansRequest } from './span-sender.ts'
import { storedSpanIds } from './stored-spans.ts'
import { temporaryFolder } from './temporary-store.ts'

const start = (store: string) => startCollectorProcess([store], { script: 'compacting-process.mjs' })

async function problemsOf({ uiUrl }: CollectorProcess): Promise<string[]> {
  return ((await (await fetch(`${uiUrl}/healthz`)).json()) as { problems: string[] }).problems
}

async function recordingsOf({ uiUrl }: CollectorProcess): Promise<RecordingSummary[]> {
  return ((await (await fetch(`${uiUrl}/api/recordings`)).json()) as Page<RecordingSummary>).items
}

test('two collectors and three recorded programs share a folder; one collector is killed, and all is there once', async () => {
  const store = temporaryFolder()
  const first = await start(store)
  const second = await start(store)
  const senders = [first, second].map(({ otlpUrl }, i) => sendSpans(`${otlpUrl}/v1/traces`, 2, `sender ${i}`))
  const alone = { MICROLOG_STORE: store, MICROLOG_SERVER: 'http://127.0.0.1:9' }
  const runs = ['a', 'b', 'c'].map(label =>
    runNode([cliPath, 'run', `program ${label}`, programPath('ways-out.mjs'), 'natural'], alone)
  )
  const ended = await Promise.all(runs)
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0])
  await senders[1]!.stop()
  await second.kill()
  const orphan = await start(store)
  await senders[0]!.stop()
  expect([await problemsOf(first), await problemsOf(orphan)]).toEqual([[], []])

  const acknowledged = senders.flatMap(({ acknowledged }) => [...acknowledged])
  expect([await first.end(), await orphan.end()]).toEqual([0, 0])
  expect((await storedSpanIds(store)).sort()).toEqual(acknowledged.sort())
  const last = await start(store)
  const programs = (await recordingsOf(last)).filter(({ label }) => label.startsWith('program'))
  expect(programs.map(({ label, logs }) => `${label}: ${logs}`).sort()).toEqual(
    ['a', 'b', 'c'].map(label => `program ${label}: 2`)
  )
}, 300_000)

test('a recording that one collector deletes stays deleted, whatever another has open, gets late, or replays', async () => {
  const store = temporaryFolder()
  const first = await start(store)
  const second = await start(store)
  const id = recordingId({ namespace: '', name: 'ledger', instance: 'doomed' })
  const send = async ({ otlpUrl }: CollectorProcess, digit: string, instance = 'doomed') => {
    const body = spansRequest([digit.repeat(16)], instance)
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${otlpUrl}/v1/traces`, { method: 'POST', body, headers })
    expect(response.status).toBe(200)
  }
  for (const [i, collector] of [first, second, first, second].entries()) await send(collector, String(i + 1))
  await send(second, 'a', 'kept')
  const deleted = await fetch(`${first.uiUrl}/api/recordings/${id}`, { method: 'DELETE' })
  expect(deleted.status).toBe(204)
  await send(second, '5')
  await send(first, '6')
  await second.kill()
  const third = await start(store)
  await send(third, '7')
  expect([await first.end(), await third.end()]).toEqual([0, 0])

  const last = await start(store)
  await send(last, '8')
  expect((await recordingsOf(last)).map(({ instance }) => instance)).toEqual(['kept'])
  expect(await last.end()).toBe(0)
  expect(await storedSpanIds(store)).toEqual(['a'.repeat(16)])
  // One that is killed as it is about to put a segment leaves an empty folder.
  const folder = join(store, 'recordings', id)
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([])
}, 300_000)
