import { expect, test, vi } from 'vitest'
import { buildLogEntries } from '../../../src/recording/log-entries.ts'
import { RecordingBuilder } from '../../../src/recording/recording-builder.ts'
import { firstLogs } from '../../../src/ui/timeline/first-logs.ts'
import { pushLog } from '../../helpers/push-rows.ts'

const builder = new RecordingBuilder(0n)
for (let ms = 0; ms < 10; ms++) pushLog(builder, ms, `line ${ms}`)
const logs = buildLogEntries(builder.snapshot())
const range = { from: 0, to: 10e6 }

test('a popup lists the first logs with their place among all, and counts the others', () => {
  const { listed, more } = firstLogs(logs.slice(3), logs, range, 2)
  expect(listed.map(({ body, index, when }) => [body, index, when])).toEqual([
    ['line 3', 3, '0.00300 s'],
    ['line 4', 4, '0.00400 s']
  ])
  expect(more).toBe(5)
  expect(firstLogs(logs.slice(8), logs, range, 2).more).toBe(0)
})

test('only what is listed is looked for among all logs', () => {
  const indexOf = vi.spyOn(logs, 'indexOf')
  firstLogs(logs, logs, range, 2)
  expect(indexOf).toHaveBeenCalledTimes(2)
})
