// A log's uid is on its record, on its span's event and on the sample of its stack: together they must cost next to nothing.
import { expect, test } from 'vitest'
import { encodeRecording } from '../../src/format/index.ts'
import { RecordingBuilder } from '../../src/recording/recording-builder.ts'
import { attributeType } from '../../src/recording/schema.ts'
import type { Row } from '../../src/recording/schema.ts'
import { nodeCodec } from '../helpers/node-codec.ts'
import { seededRandom } from '../helpers/recordings.ts'

const logCount = 4000
const epoch = 1_700_000_000_000_000_000n

test('uids cost at most half a byte a log, on log, event and sample together', async () => {
  const without = await sizeWith(() => undefined)
  const withUids = await sizeWith(i => `k3f9x2m7q1-${(i + 40_000).toString(36)}`)
  expect(withUids).toBeGreaterThan(without)
  expect((withUids - without) / logCount).toBeLessThan(0.5)
})

/** Two logs a span; spans overlap, so that the order of events isn't that of the logs. */
async function sizeWith(uidOf: (log: number) => string | undefined): Promise<number> {
  const random = seededRandom(9)
  const builder = new RecordingBuilder(epoch)
  const { strings, sets } = builder
  const uidKey = strings.intern('log.record.uid')
  const setOf = (log: number): number => {
    const uid = uidOf(log)
    if (uid !== undefined) sets.add(uidKey, attributeType.string, strings.intern(uid))
    return sets.close()
  }
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256))
  const profile = builder.push('profiles', logProfile(builder))
  for (let first = 0; first < logCount; first += 4) {
    for (const logs of [
      [first, first + 2],
      [first + 1, first + 3]
    ]) {
      const traceId = bytes(16)
      const spanId = bytes(8)
      const link = builder.intern('links', { traceId, spanId })
      const eventStart = builder.table('events').length
      for (const log of logs) {
        const time = log * 1e6
        const attributes = setOf(log)
        builder.push('events', { time, name: strings.intern('log'), attributes, droppedAttributes: 0 })
        builder.push('samples', { time, stack: -1, link, profile, value: 1, attributes })
        builder.push('logs', logRow(time, link, attributes))
      }
      builder.push('spans', spanRow(traceId, spanId, logs[0]! * 1e6, eventStart))
    }
  }
  return (await encodeRecording(builder.snapshot(), { recording: 'r', label: '' }, nodeCodec)).length
}

function logRow(time: number, link: number, attributes: number): Row<'logs'> {
  return {
    time,
    observedTime: time,
    severity: 9,
    severityText: 0,
    eventName: 0,
    body: 0,
    link,
    flags: 0,
    attributes,
    droppedAttributes: 0,
    resource: -1,
    scope: -1
  }
}

function spanRow(traceId: Uint8Array, spanId: Uint8Array, start: number, eventStart: number): Row<'spans'> {
  return {
    traceId,
    spanId,
    parentSpanId: new Uint8Array(8),
    traceState: 0,
    flags: 0,
    name: 0,
    kind: 1,
    start,
    end: start + 5e6,
    statusCode: 0,
    statusMessage: 0,
    attributes: 0,
    droppedAttributes: 0,
    eventStart,
    eventCount: 2,
    droppedEvents: 0,
    linkStart: -1,
    linkCount: 0,
    droppedLinks: 0,
    resource: -1,
    scope: -1
  }
}

function logProfile({ strings }: RecordingBuilder): Row<'profiles'> {
  return {
    resource: -1,
    scope: -1,
    thread: -1,
    time: 0,
    duration: 0,
    sampleType: strings.intern('log'),
    sampleUnit: strings.intern('count'),
    periodType: 0,
    periodUnit: 0,
    period: 0,
    profileId: -1,
    attributes: 0,
    droppedAttributes: 0,
    original: -1
  }
}
