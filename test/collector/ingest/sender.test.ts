import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { isRecordingId, recordingId } from '../../../src/collector/store/recording-id.ts'
import { Senders, silenceMs } from '../../../src/collector/ingest/sender.ts'

const foreign = { 'service.name': 'shop', 'host.name': 'a', 'process.pid': '7' }

test('an id is 26 characters, the same for the same identity and no other', () => {
  const id = recordingId({ namespace: 'n', name: 's', instance: 'i' })
  expect(id).toMatch(/^[0-9a-z]{26}$/)
  expect(isRecordingId(id)).toBe(true)
  expect(recordingId({ namespace: 'n', name: 's', instance: 'i' })).toBe(id)
  const others = [
    { namespace: '', name: 'ns', instance: 'i' },
    { namespace: 'ns', name: '', instance: 'i' },
    { namespace: 'n', name: 'si', instance: '' },
    { namespace: 'n', name: 's', instance: 'j' }
  ]
  expect(new Set([id, ...others.map(recordingId)]).size).toBe(5)
})

test('a sender with an instance id has one recording for ever', () => {
  const senders = new Senders()
  const resource = { ...foreign, 'service.instance.id': 'x' }
  const id = recordingId({ namespace: '', name: 'shop', instance: 'x' })
  expect(senders.recordingOf(resource, 0)).toBe(id)
  expect(senders.recordingOf({ ...resource, 'host.name': 'b' }, 1e9)).toBe(id)
})

test('a sender without one has a new recording after a silence, and another sender another one', () => {
  const senders = new Senders()
  const first = senders.recordingOf(foreign, 1000)
  expect(senders.recordingOf({ ...foreign }, 1000 + silenceMs)).toBe(first)
  expect(senders.recordingOf(foreign, 1000 + 2 * silenceMs)).toBe(first)
  expect(senders.recordingOf(foreign, 1001 + 3 * silenceMs)).not.toBe(first)
  expect(senders.recordingOf({ ...foreign, 'process.pid': '8' }, 1000)).not.toBe(first)
})

test('senders are remembered, not all that their resources say', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const senders = new Senders()
  collect()
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < 100; i++) senders.recordingOf({ ...foreign, long: `${i}`.repeat(500_000) }, 0)
  collect()
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000)
  expect(senders.recordingOf(foreign, 0)).toMatch(/^[0-9a-z]{26}$/)
})

test('what the store knows of a sender goes on after a restart', () => {
  const senders = new Senders()
  senders.learn('known', foreign, 5000)
  expect(senders.recordingOf(foreign, 5000 + silenceMs)).toBe('known')
})
