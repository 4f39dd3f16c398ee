// A part of a segment, as a page that shows one trace asks for it.
import { expect, test } from 'vitest'
import { openStore } from '../../../src/collector/open-store.ts'
import { encodeRecording, openRecording } from '../../../src/format/index.ts'
import { memorySource } from '../../../src/format/memory-source.ts'
import { traceIdAt } from '../../../src/recording/ids.ts'
import { nodeCodec } from '../../helpers/node-codec.ts'
import { pushLog, pushSample, pushSpan } from '../../helpers/push-rows.ts'
import { builderFromText, spanReference } from '../../helpers/recording-from-text.ts'
import { putRecording } from '../damaged-segment.ts'
import { temporaryFolder } from '../temporary-store.ts'
import { createApps } from './collector-apps.ts'

const id = 'cut'.padEnd(26, '0')
const startMs = 1_700_000_000_000
const seconds = 600
const base = `/api/recordings/${id}/segments/j-1-2`

/** Ten minutes in which each second has a trace, a log and ten samples of it; the one in the middle has a late log. */
async function createHour() {
  const root = temporaryFolder()
  const builder = builderFromText('0ms\nmain')
  for (let second = 0; second < seconds; second++) {
    const letter = String.fromCharCode(0x100 + second)
    const traceId = new Uint8Array(16).fill(1)
    traceId[14] = second >> 8
    traceId[15] = second & 255
    const ms = second * 1000
    pushSpan(builder, letter, ms, ms + 400, '', { traceId })
    pushLog(builder, ms + 100, `log ${second}`)
    for (let i = 0; i < 10; i++) pushSample(builder, 0, ms + 300 + i, ['main', `work ${second}`])
    if (second !== seconds / 2) continue
    const link = builder.intern('links', { ...spanReference(letter), traceId })
    pushLog(builder, ms + 20_000, 'late', { cells: { link } })
  }
  builder.push('opaque', { signal: 0, request: builder.addBlob(new Uint8Array(50_000)), from: 0, to: 1e9 })
  const meta = { recording: id, label: 'cut', resource: { 'service.name': 'shop' } }
  const bytes = await encodeRecording(builder.finish(), meta, nodeCodec)
  const { catalog } = await openStore(root)
  await catalog.addSegment(id, 'j-1-2', bytes)
  const { api } = await createApps({ root })
  return { api, bytes }
}

async function openPart(body: Buffer) {
  const file = await openRecording(memorySource(body), nodeCodec)
  return { footer: file.footer, recording: await file.read() }
}

test('a part of a segment is a segment: what was open or said in that time, and what names the trace', async () => {
  const { api, bytes } = await createHour()
  const [from, to] = [startMs + 300_000, startMs + 301_000]
  const trace = '01'.repeat(14) + '012c'
  const answer = await api.inject(`${base}?from=${from}&to=${to}&trace=${trace}`)
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['cache-control']).toBe('public, max-age=86400')
  expect(answer.rawPayload.length).toBeLessThan(bytes.length / 5)
  const { recording, footer } = await openPart(answer.rawPayload)
  expect(footer.meta).toMatchObject({ recording: id, label: 'cut', resource: { 'service.name': 'shop' } })
  expect(
    Array.from({ length: recording.spans.length }, (_, row) => traceIdAt(recording.spans.traceId, row))
  ).toEqual([trace, '01'.repeat(14) + '012d'])
  const { logs, sets, strings } = recording
  expect(Array.from(logs.body, set => strings[sets.value[sets.start[set]!]!])).toEqual(['log 300', 'late'])
  expect(recording.samples.length).toBeLessThan(40)
  expect(recording.opaque.length).toBe(0)

  const { recording: untraced } = await openPart(
    (await api.inject(`${base}?from=${from}&to=${to}`)).rawPayload
  )
  expect(untraced.logs.length).toBe(1)
})

test('who asks for most of a segment is given all of it', async () => {
  const { api, bytes } = await createHour()
  const answer = await api.inject(`${base}?from=${startMs - 1000}&to=${startMs + 500_000}`)
  expect(answer.rawPayload.equals(bytes)).toBe(true)
  expect(answer.headers['cache-control']).toContain('immutable')
})

test('a time that is none, and a trace that is none, are refused', async () => {
  const { api } = await createHour()
  for (const query of ['from=1', 'to=1', 'from=2&to=1', 'trace=' + '0'.repeat(32), 'from=1&to=2&trace=xyz']) {
    const answer = await api.inject(`${base}?${query}`)
    expect(answer.statusCode, query).toBe(400)
  }
  expect((await api.inject(`/api/recordings/${id}/segments/none?from=1&to=2`)).statusCode).toBe(404)
})

test('a part of what is damaged is refused', async () => {
  const root = temporaryFolder()
  const damaged = await putRecording(root, 'b', 'samples')
  const { api } = await createApps({ root })
  const url = `/api/recordings/${damaged.id}/segments/${damaged.segment}`
  expect((await api.inject(`${url}?from=${startMs}&to=${startMs}`)).statusCode).toBe(422)
})
