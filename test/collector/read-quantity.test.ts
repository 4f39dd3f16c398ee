import { expect, test } from 'vitest'
import { readBytes, readDuration } from '../../src/collector/read-quantity.ts'
import { retentionLimits } from '../../src/collector/retention-limits.ts'

test('durations as people write them, bare numbers in seconds', () => {
  const texts = ['0', '30', '30s', '500ms', '1.5m', '2h', '7d']
  expect(texts.map(readDuration)).toEqual([0, 30_000, 30_000, 500, 90_000, 7_200_000, 604_800_000])
  for (const text of ['', 'soon', '-1', '7 days', '1e9', '7w', '1d1h'])
    expect(readDuration(text), text).toBeUndefined()
})

test('sizes as people write them, decimal and binary', () => {
  const texts = ['0', '1000', '1000B', '500MB', '1.5k', '10GiB', '1 TiB']
  expect(texts.map(readBytes)).toEqual([0, 1000, 1000, 5e8, 1500, 10 * 2 ** 30, 2 ** 40])
  for (const text of ['', 'much', '-1', '1XB', 'iB', '10GiBs']) expect(readBytes(text), text).toBeUndefined()
})

test('retention is what was asked for, else the environment’s, else a week and 10 GiB', () => {
  const labels = new Map()
  expect(retentionLimits({}, {})).toEqual({ ageMs: 604_800_000, bytes: 10 * 2 ** 30, labels })
  const environment = { MICROLOG_RETENTION: '0', MICROLOG_MAX_BYTES: '1GB' }
  expect(retentionLimits({}, environment)).toEqual({ ageMs: 0, bytes: 1e9, labels })
  expect(retentionLimits({ retentionMs: 5, maxBytes: 0 }, environment)).toEqual({
    ageMs: 5,
    bytes: 0,
    labels
  })
  expect(() => retentionLimits({}, { MICROLOG_RETENTION: 'for ever' })).toThrow(/MICROLOG_RETENTION/)
})
