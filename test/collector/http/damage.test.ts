import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FlameGraph, Health, LogLine, Page, RecordingSummary } from '../../../src/collector/api.ts'
import { putRecording } from '../damaged-segment.ts'
import { temporaryFolder } from '../temporary-store.ts'
import { createApps } from './collector-apps.ts'

test('a damaged block leaves one segment out of searches over all recordings, and is named', async () => {
  const root = temporaryFolder()
  const good = await putRecording(root, 'a')
  const noSamples = await putRecording(root, 'b', 'samples')
  const noLogs = await putRecording(root, 'c', 'logs')
  const { api } = await createApps({ root })
  const get = async <T>(url: string) => (await api.inject(url)).json<T>()

  const { recordings } = await get<FlameGraph>('/api/flame')
  expect(recordings.sort()).toEqual([good.id, noLogs.id])
  const { items } = await get<Page<LogLine>>('/api/logs')
  expect(items.map(line => line.recording).sort()).toEqual([good.id, noSamples.id])

  const { status, problems } = await get<Health>('/healthz')
  expect(status).toBe('degraded')
  for (const { id, segment } of [noSamples, noLogs])
    expect(problems).toContainEqual(expect.stringContaining(`${id}/${segment}.microlog is damaged: `))
})

test('a recording of which no segment can be read is deleted as any other', async () => {
  const root = temporaryFolder()
  const { id, segment } = await putRecording(root, 'b')
  const path = join(root, 'recordings', id, `${segment}.microlog`)
  writeFileSync(path, readFileSync(path).subarray(0, -1))
  const { api } = await createApps({ root })
  expect((await api.inject('/api/recordings')).json<Page<RecordingSummary>>().items).toEqual([])
  const remove = () => api.inject({ method: 'DELETE', url: `/api/recordings/${id}` })
  expect((await remove()).statusCode).toBe(204)
  expect(existsSync(path)).toBe(false)
  expect((await remove()).statusCode).toBe(404)
})

test('the export of what is damaged is refused by the names of its recording and segment', async () => {
  const root = temporaryFolder()
  const { id, segment } = await putRecording(root, 'b', 'samples')
  const { api } = await createApps({ root })
  const response = await api.inject(`/api/recordings/${id}/export?format=otlp`)
  expect(response.statusCode).toBe(422)
  expect(response.json<{ error: { message: string } }>().error.message).toContain(
    `Segment ${segment} of recording ${id} is damaged`
  )
})
