import { expect, test } from 'vitest'
import type { RecordingDetail } from '../../../src/collector/api.ts'
import { compileSearch } from '../../../src/recording/search.ts'
import { placeOfFunction, rangeWithin } from '../../../src/ui/pages/function-place.ts'

const id = 'a'.repeat(26)
/** The first second of it was deleted. */
const detail = { origin: 1000, start: 2000, durationMs: 10_000 } as RecordingDetail

test('a function is looked for in the flame graph of a recording, with what is chosen here', () => {
  const load = { name: 'load', url: 'file:///srv/orders/load.ts' }
  const place = placeOfFunction(id, load, { endpoint: 'GET /a', hide: undefined })
  expect(place).toEqual({
    name: 'recording',
    params: { id, tab: 'flame' },
    query: { q: '^load .*/orders/load\\.ts$', endpoint: 'GET /a' }
  })
  const search = compileSearch(place.query['q']!)
  expect(search.kind === 'pattern' && search.pattern.test(`${load.name} ${load.url}`)).toBe(true)
  expect(placeOfFunction(id, { name: '', url: '' }, {}).query).toEqual({ q: '^(?:\\(anonymous\\))? $' })
})

test('the time that is looked at is counted from where the recording began, where it is a part of it', () => {
  expect(rangeWithin(detail, { from: 4000, to: 6000 })).toBe('3-5')
  expect(rangeWithin(detail, { from: 4000 })).toBe('3-11')
  expect(rangeWithin(detail, {})).toBe(undefined)
  expect(rangeWithin(detail, { from: 0, to: 60_000 })).toBe(undefined)
  expect(rangeWithin(detail, { from: 20_000, to: 60_000 })).toBe(undefined)
})
