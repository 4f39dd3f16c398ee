import { describe, expect, test } from 'vitest'
import { askedFlame, againstVersion, hasTimeBefore, newestFirst } from '../../../src/ui/flame/flame-query.ts'
import { chosenTimes } from '../../../src/ui/data/time-choice.ts'

const hourMs = 3_600_000
const now = new Date(2026, 10, 28, 12, 0, 0).getTime()

describe('what an address asks the collector', () => {
  test('nothing that it doesn’t say', () => {
    expect(askedFlame({}, now)).toMatchObject({ shown: {}, against: undefined })
    const query = { service: 'shop', endpoint: 'GET /a', version: '2', top: 'functions', q: 'x', zoom: '1-2' }
    expect(askedFlame(query, now).shown).toEqual({ service: 'shop', endpoint: 'GET /a', version: '2' })
  })

  test('the latest times up to now, or those between two moments', () => {
    expect(askedFlame({ last: '1h', from: '5', to: '9' }, now).shown).toEqual({ from: now - hourMs })
    expect(askedFlame({ from: '5', to: '9' }, now).shown).toEqual({ from: 5, to: 9 })
    expect(askedFlame({ last: 'for ever', from: 'soon' }, now).shown).toEqual({})
    expect(chosenTimes({ to: '9' }, now)).toEqual({ to: 9 })
  })

  test('another version of the same, which is A', () => {
    const query = { service: 'shop', version: '1.2', last: '1h', against: againstVersion('1.1') }
    expect(askedFlame(query, now)).toEqual({
      shown: { service: 'shop', version: '1.2', from: now - hourMs },
      against: { service: 'shop', version: '1.1', from: now - hourMs },
      names: { a: 'version 1.1', b: 'version 1.2' }
    })
    expect(askedFlame({ against: 'version:1.1' }, now).names).toEqual({ a: 'version 1.1', b: 'all versions' })
  })

  test('not a version against itself, and nothing else that is no comparison', () => {
    for (const against of ['version:1.2', 'version:', 'yesterday', 'before']) {
      expect(askedFlame({ version: '1.2', against }, now).against, against).toBe(undefined)
    }
  })

  test('the time before, as long as the one that is chosen', () => {
    expect(askedFlame({ version: '2', last: '1h', against: 'before' }, now)).toEqual({
      shown: { version: '2', from: now - hourMs },
      against: { version: '2', from: now - 2 * hourMs, to: now - hourMs },
      names: { a: 'Today 10:00:00 – Today 11:00:00', b: 'last hour' }
    })
    const between = { from: String(now - 3 * hourMs), to: String(now - 2 * hourMs), against: 'before' }
    const { against, names } = askedFlame(between, now)
    expect(against).toEqual({ from: now - 4 * hourMs, to: now - 3 * hourMs })
    expect(names.b).toBe('Today 09:00:00 – Today 10:00:00')
    const since = { from: String(now - hourMs), against: 'before' }
    expect(askedFlame(since, now).against).toEqual({ from: now - 2 * hourMs, to: now - hourMs })
  })

  test('which only a time with a beginning has', () => {
    const before = (query: Record<string, string>) => hasTimeBefore(query, now)
    expect([before({ last: '7d' }), before({ from: '5' }), before({ from: '5', to: '9' })]).toEqual([
      true,
      true,
      true
    ])
    expect([before({}), before({ to: '9' }), before({ from: '9', to: '5' })]).toEqual([false, false, false])
  })
})

test('versions are offered by their numbers, the newest first', () => {
  expect(newestFirst(['1.9.0', '1.10.0', '1.2.0'])).toEqual(['1.10.0', '1.9.0', '1.2.0'])
})
