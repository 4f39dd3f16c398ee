import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LogLine } from '../../../src/collector/api.ts'
import { buildLogEntries } from '../../../src/recording/log-entries.ts'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { createLineReader, firstGroup } from '../../../src/ui/logs/line-reader.ts'
import type { LineFacts } from '../../../src/ui/logs/line-reader.ts'
import type { LogRowLine } from '../../../src/ui/logs/log-page.ts'
import type { ReadLine } from '../../../src/ui/logs/read-line.ts'
import { internSet, pushLog } from '../../helpers/push-rows.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function rowAt(seconds: number, recording = 'shop'): LogRowLine {
  const line: LogLine = {
    recording,
    label: recording,
    service: recording,
    time: seconds * 1_000,
    level: 'info',
    body: 'x'
  }
  return { key: `${recording}.${seconds}`, line }
}

/** As the recording has it. */
function readAs(order: string): ReadLine {
  const builder = new RecordingBuilder(0n)
  const attributes = { 'log.record.uid': 'a', order, 'code.file.path': '/app/pay.js', 'code.line.number': 7 }
  pushLog(builder, 0, 'x', { uid: 'a', cells: { attributes: internSet(builder, attributes) } })
  const recording = builder.snapshot()
  return { recording, entry: buildLogEntries(recording)[0]! }
}

/** Answers when it is told to. */
function createReadable() {
  const asked: { keys: number[]; answer: (found: (ReadLine | undefined)[]) => void; fail: () => void }[] = []
  const reader = createLineReader(
    lines =>
      new Promise((answer, reject) => {
        asked.push({
          keys: lines.map(({ time }) => time / 1_000),
          answer,
          fail: () => reject(new Error('gone'))
        })
      })
  )
  return { reader, asked }
}

test('lines of a recording that lie close together are read together, further ones by themselves', () => {
  const rows = [rowAt(100), rowAt(99, 'mail'), rowAt(95), rowAt(86), rowAt(70), rowAt(64)]
  expect(firstGroup(rows).map(({ line }) => line.time / 1_000)).toEqual([86, 95, 100])
  expect(firstGroup(rows.slice(1)).map(({ key }) => key)).toEqual(['mail.99'])
  expect(firstGroup(rows.slice(4)).map(({ line }) => line.time / 1_000)).toEqual([64, 70])
  expect(firstGroup([])).toEqual([])
})

test('one request at a time, once the rows have come to rest, and none for what was left', async () => {
  const { reader, asked } = createReadable()
  const told: LineFacts[] = []
  reader.want(rowAt(100), facts => told.push(facts))
  reader.want(rowAt(10), facts => told.push(facts))
  reader.want(rowAt(50), facts => told.push(facts))
  await vi.advanceTimersByTimeAsync(100)
  expect(asked).toEqual([])
  reader.leave(rowAt(50))
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked.map(({ keys }) => keys)).toEqual([[100]])
  asked[0]!.answer([readAs('one')])
  await vi.advanceTimersByTimeAsync(0)
  expect(asked.map(({ keys }) => keys)).toEqual([[100], [10]])
  expect(told).toEqual([
    { fields: 'order=one', source: { text: 'app/pay.js:7', link: 'vscode://file/app/pay.js:7:1' } }
  ])
})

test('what was read once isn’t asked for again', async () => {
  const { reader, asked } = createReadable()
  reader.want(rowAt(1), () => undefined)
  await vi.advanceTimersByTimeAsync(1_000)
  asked[0]!.answer([readAs('one')])
  await vi.advanceTimersByTimeAsync(0)
  const told: LineFacts[] = []
  reader.want(rowAt(1), facts => told.push(facts))
  expect(told).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked).toHaveLength(1)
})

test('a failure tells nothing, and others go on', async () => {
  const { reader, asked } = createReadable()
  const told: LineFacts[] = []
  reader.want(rowAt(1), facts => told.push(facts))
  reader.want(rowAt(1, 'mail'), facts => told.push(facts))
  await vi.advanceTimersByTimeAsync(1_000)
  asked[0]!.fail()
  await vi.advanceTimersByTimeAsync(0)
  asked[1]!.answer([readAs('two')])
  await vi.advanceTimersByTimeAsync(0)
  expect(told.map(({ fields }) => fields)).toEqual(['order=two'])
})

test('nothing is asked for after its end', async () => {
  const { reader, asked } = createReadable()
  reader.want(rowAt(1), () => undefined)
  reader.close()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked).toEqual([])
})
