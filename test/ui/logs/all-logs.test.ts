import { describe, expect, test } from 'vitest'
import type { LogLine } from '../../../src/collector/api.ts'
import { formatMoment } from '../../../src/ui/data/format-date.ts'
import { readEventNames } from '../../../src/ui/data/read-event-names.ts'
import { countNew, logRowLines } from '../../../src/ui/logs/log-page.ts'
import { logsQuery } from '../../../src/ui/logs/logs-query.ts'

const now = 1_000_000_000_000

describe('what a list of all logs asks the collector for', () => {
  test.each([
    ['everything but notes of the recorder where the address says nothing', {}, { own: 'warnings' }],
    ['all of the recorder’s own lines, or none', { own: 'none' }, { own: 'none' }],
    [
      'levels that aren’t hidden',
      { hide: 'trace,debug,internals', own: 'all' },
      { level: 'info,warn,error,fatal' }
    ],
    [
      'service, text and trace',
      { service: 'shop', q: 'a b', trace: 'AB'.repeat(16), own: 'all' },
      { service: 'shop', q: 'a b', trace: 'ab'.repeat(16) }
    ],
    ['no trace until its id is whole', { trace: 'abc', own: 'all' }, {}],
    ['the latest times', { last: '1h', from: '5', to: '6', own: 'all' }, { from: now - 3_600_000 }],
    ['times between two moments', { from: '5', to: '600', own: 'all' }, { from: 5, to: 600 }],
    ['no times that are none', { last: '3y', from: 'x', to: '-1', own: 'all' }, {}]
  ])('%s', (_, query, filter) => {
    expect(logsQuery(query, now)).toEqual(filter)
  })

  test('is nothing where every level is hidden', () => {
    expect(logsQuery({ hide: 'trace,debug,info,warn,error,fatal' }, now)).toBeUndefined()
  })
})

describe('rows of a list of all logs', () => {
  const line = (time: number, uid?: string): LogLine => ({
    recording: 'r',
    label: 'shop',
    service: 'shop',
    time,
    level: 'info',
    body: 'text',
    ...(uid && { uid })
  })

  test('are told apart where lines are alike, also across pages', () => {
    const first = logRowLines([line(2), line(2), line(1, 'a')])
    const second = logRowLines([line(2), line(1, 'b')], first)
    const keys = [...first, ...second].map(({ key }) => key)
    expect(new Set(keys).size).toBe(keys.length)
    expect(logRowLines([line(2), line(2)]).map(({ key }) => key)).toEqual(keys.slice(0, 2))
  })

  test('are new where the others lack them', () => {
    const known = logRowLines([line(2, 'b'), line(1, 'a')])
    expect(countNew(logRowLines([line(3, 'c'), line(2, 'b'), line(1.5, 'late')]), known)).toBe(2)
  })
})

test('a moment says its day unless it is today', () => {
  const noon = new Date(2026, 10, 22, 12).getTime()
  expect(formatMoment(noon + 42, noon)).toBe('12:00:00.042')
  expect(formatMoment(noon - 86_400_000, noon)).toBe('21 Nov 12:00:00.000')
  expect(formatMoment(new Date(2025, 10, 22, 7, 6, 5, 4).getTime(), noon)).toBe('22 Nov 2025 07:06:05.004')
})

test('events are heard one by one, however the stream is cut', async () => {
  const text = 'event: ready\ndata: {}\n\n: still here\n\nevent: data\ndata: {"recordings":["é"]}\n\n'
  const bytes = new TextEncoder().encode(text)
  for (let size = 1; size <= bytes.length; size++) {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
        controller.close()
      }
    })
    const names: string[] = []
    await readEventNames(stream, name => names.push(name))
    expect(names).toEqual(['ready', 'data'])
  }
})
