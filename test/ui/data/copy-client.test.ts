import { expect, test } from 'vitest'
import type { RecordingDetail } from '../../../src/collector/api.ts'
import { encodeRecording, openRecording, webCodec } from '../../../src/format/index.ts'
import { memorySource } from '../../../src/format/memory-source.ts'
import type { ApiClient } from '../../../src/ui/data/api-client.ts'
import { createCopyClient } from '../../../src/ui/data/copy-client.ts'
import { internSet, pushLog, pushSpan } from '../../helpers/push-rows.ts'
import { builderFromText, spanReference } from '../../helpers/recording-from-text.ts'

const id = 'a'.repeat(26)
const detail = { id, service: 'shop', start: 1_700_000_000_000, durationMs: 50 } as RecordingDetail

async function copyOf(): Promise<ApiClient> {
  const builder = builderFromText('0ms   10ms  20ms\nmain  main  main')
  const traceIds = [1, 2].map(byte => new Uint8Array(16).fill(byte))
  pushSpan(builder, 'quick', 1, 2, '', {
    traceId: traceIds[0]!,
    attributes: internSet(builder, { 'http.route': '/' })
  })
  pushSpan(builder, 'slow', 5, 40, '', { traceId: traceIds[1]!, statusCode: 2 })
  pushLog(builder, 3, 'in a trace without spans here', { letter: 'z' })
  const bytes = await encodeRecording(builder.snapshot(), { recording: id, label: 'shop' }, webCodec)
  const file = await openRecording(memorySource(bytes), webCodec)
  return createCopyClient({ detail, file, url: 'data:,x' })
}

test('a copy lists its traces newest first, filters and sorts them as a collector does', async () => {
  const api = await copyOf()
  const names = async (filter: Parameters<ApiClient['traces']>[0]) =>
    (await api.traces(filter)).items.map(({ name }) => name)
  expect(await names({})).toEqual(['slow', 'quick'])
  expect(await names({ limit: '1' })).toEqual(['slow'])
  expect(await names({ name: 'QUI' })).toEqual(['quick'])
  expect(await names({ minDurationMs: '10' })).toEqual(['slow'])
  expect(await names({ error: 'true' })).toEqual(['slow'])
  expect(await names({ q: '0101' })).toEqual(['quick'])
  expect(await names({ attr: 'http.route:/' })).toEqual(['quick'])
  expect(await names({ from: '1700000000003' })).toEqual(['slow'])
  expect(await names({ to: '1700000000003' })).toEqual(['quick'])
  expect(await names({ sort: 'start', order: 'asc' })).toEqual(['quick', 'slow'])
  expect(await names({ sort: 'duration', order: 'asc', limit: '1' })).toEqual(['quick'])
  expect(await names({ sort: 'spans' })).toEqual(['slow', 'quick'])
})

test('a copy tells the paths of traces that are named by a method alone, and finds them by operation', async () => {
  const builder = builderFromText('0ms\nmain')
  const name = builder.strings.intern('GET')
  for (const [byte, path] of ['/orders/1', '/orders/2', '/'].entries()) {
    const traceId = new Uint8Array(16).fill(byte + 1)
    pushSpan(builder, 'a', byte, byte + 10 * byte, '', {
      traceId,
      name,
      kind: 2,
      attributes: internSet(builder, { 'url.path': path })
    })
  }
  const bytes = await encodeRecording(builder.snapshot(), { recording: id, label: 'shop' }, webCodec)
  const file = await openRecording(memorySource(bytes), webCodec)
  const api = createCopyClient({ detail, file, url: 'data:,x' })
  const paths = async (filter: Parameters<ApiClient['traces']>[0]) =>
    (await api.traces(filter)).items.map(({ path }) => path)
  expect(await paths({})).toEqual(['/', '/orders/2', '/orders/1'])
  expect(await paths({ operation: 'GET /orders/*' })).toEqual(['/orders/2', '/orders/1'])
  expect(await paths({ operation: 'GET' })).toEqual([])
  expect(await paths({ maxDurationMs: '10' })).toEqual(['/orders/2', '/orders/1'])
  expect(await api.trace('02'.repeat(16))).toMatchObject({ name: 'GET', path: '/orders/2' })
})

test('a trace that only a log names is in no list, but can be opened', async () => {
  const api = await copyOf()
  const traceId = Buffer.from(spanReference('z').traceId).toString('hex')
  expect((await api.traces({})).items.some(trace => trace.traceId === traceId)).toBe(false)
  expect(await api.trace(traceId)).toMatchObject({ traceId, spans: 0, logs: 1 })
})

test('a copy has its own recording and traces, and says what it has not', async () => {
  const api = await copyOf()
  expect(await api.recording(id)).toBe(detail)
  expect(await api.segments(id)).toMatchObject([{ from: detail.start, to: detail.start + 50, live: false }])
  const [slow] = (await api.traces({})).items
  expect(await api.trace(slow!.traceId)).toMatchObject({ name: 'slow', segments: [{ recording: id }] })
  await expect(api.recording('b'.repeat(26))).rejects.toThrow('There is no recording')
  await expect(api.removeRecording(id)).rejects.toThrow('There is no way to delete it in this copy')
})
