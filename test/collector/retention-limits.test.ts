import { expect, test } from 'vitest'
import type { CollectorOptions } from '../../src/collector/api.ts'
import { readBytes, readDuration } from '../../src/collector/read-quantity.ts'
import { readLabelledLimit, retentionLimits } from '../../src/collector/retention-limits.ts'

const day = 86_400_000

test('a limit may differ by label', () => {
  expect(readLabelledLimit('7d', readDuration)).toEqual({ usual: 7 * day, labels: {} })
  expect(readLabelledLimit('7d, nightly=30d,a=b=0', readDuration)).toEqual({
    usual: 7 * day,
    labels: { nightly: 30 * day, 'a=b': 0 }
  })
  expect(readLabelledLimit('nightly=1GiB', readBytes)).toEqual({
    usual: undefined,
    labels: { nightly: 1024 ** 3 }
  })
})

test.each(['soon', '7d,', '7d,8d', '=7d', 'nightly=', 'nightly=soon', ''])('%j is no limit', text => {
  expect(readLabelledLimit(text, readDuration)).toBe(undefined)
})

test('options go before the environment, and the usual holds where neither says', () => {
  const environment = { MICROLOG_RETENTION: 'nightly=30d', MICROLOG_MAX_BYTES: '1GiB,nightly=1MiB' }
  expect(retentionLimits({}, {})).toEqual({ ageMs: 7 * day, bytes: 10 * 1024 ** 3, labels: new Map() })
  expect(retentionLimits({}, environment)).toEqual({
    ageMs: 7 * day,
    bytes: 1024 ** 3,
    labels: new Map([['nightly', { ageMs: 30 * day, bytes: 1024 ** 2 }]])
  })
  expect(
    retentionLimits({ retentionMs: 5, retentionMsByLabel: { x: 1 }, maxBytesByLabel: {} }, environment)
  ).toEqual({ ageMs: 5, bytes: 1024 ** 3, labels: new Map([['x', { ageMs: 1 }]]) })
})

test('a limit that can’t be read is told of by its variable', () => {
  expect(() => retentionLimits({}, { MICROLOG_RETENTION: 'nightly' })).toThrow(
    'Expected MICROLOG_RETENTION to be a time with its unit (ms, s, m, h or d), such as 7d or 7d,nightly=30d, found nightly'
  )
})

test.each(['7', '7.5', 'nightly=30,7d', '00007'])(
  'an age without a unit is refused: %s seconds would delete nearly everything',
  text => {
    expect(() => retentionLimits({}, { MICROLOG_RETENTION: text })).toThrow(
      `Expected MICROLOG_RETENTION to be a time with its unit (ms, s, m, h or d), such as 7d or 7d,nightly=30d, found ${text}`
    )
  }
)

test('an age of 0 keeps everything, and needs no unit', () => {
  const { ageMs, labels } = retentionLimits({}, { MICROLOG_RETENTION: '0,nightly=0,scratch=0d' })
  expect({ ageMs, labels: [...labels!] }).toEqual({
    ageMs: 0,
    labels: [
      ['nightly', { ageMs: 0 }],
      ['scratch', { ageMs: 0 }]
    ]
  })
})

test.each(['10', '2.5', 'nightly=1,10GiB'])(
  'a size without a unit is refused: %s bytes would keep next to nothing',
  text => {
    expect(() => retentionLimits({}, { MICROLOG_MAX_BYTES: text })).toThrow(
      `Expected MICROLOG_MAX_BYTES to be a size with its unit (B, MB, MiB, GB, GiB …), such as 10GiB or 10GiB,nightly=1GiB, found ${text}`
    )
  }
)

test('a size of 0 keeps everything, and bytes are named B', () => {
  const { bytes, labels } = retentionLimits({}, { MICROLOG_MAX_BYTES: '0,nightly=10737418240B,scratch=5g' })
  expect({ bytes, labels: [...labels!] }).toEqual({
    bytes: 0,
    labels: [
      ['nightly', { bytes: 10 * 1024 ** 3 }],
      ['scratch', { bytes: 5e9 }]
    ]
  })
})

test.each<[CollectorOptions, string]>([
  [
    { retentionMs: '7d' as never },
    'Expected retentionMs to be a number of ms or bytes, 0 for no limit, found "7d"'
  ],
  [
    { maxBytesByLabel: { nightly: -1 } },
    'Expected nightly to be a number of ms or bytes, 0 for no limit, found -1'
  ]
])('an option that is no limit is refused', (options, message) => {
  expect(() => retentionLimits(options, {})).toThrow(message)
})
