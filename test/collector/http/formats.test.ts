// Formats that others read, over HTTP: what comes in by POST /api/import goes out by /export.
import { expect, test } from 'vitest'
import { expectedPython, pythonFile } from '../../convert/microlog-python/python-fixtures.ts'
import { createApps } from './collector-apps.ts'

async function importPython(body: Uint8Array) {
  const { api } = await createApps()
  const url = `/api/import?name=${expectedPython('hello').file}`
  const headers = { 'content-type': 'application/octet-stream' }
  const imported = await api.inject({ method: 'POST', url, headers, body: Buffer.from(body) })
  return { api, imported }
}

test('a recording of Microlog for Python comes in, and goes out as one and as a page', async () => {
  const { api, imported } = await importPython(pythonFile('hello'))
  const [id] = (imported.json() as { ids: string[] }).ids
  const exported = (format: string) => api.inject(`/api/recordings/${id}/export?format=${format}`)

  const python = await exported('microlog-python')
  expect(python.headers).toMatchObject({
    'content-type': 'application/zstd',
    'content-disposition': `attachment; filename="${id}.zip"`
  })
  const again = await importPython(python.rawPayload)
  expect(again.imported.statusCode).toBe(200)
  const { items } = (await again.api.inject('/api/recordings')).json() as { items: unknown[] }
  expect(items).toMatchObject([{ label: 'demo-hello', logs: 19, live: false }])

  const page = await exported('html')
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-disposition': `attachment; filename="${id}.html"`
  })
  expect(page.body).toContain('<title>demo-hello – Microlog</title>')
})

test('a broken one is refused, and leaves nothing', async () => {
  const { api, imported } = await importPython(pythonFile('hello').subarray(0, 1000))
  expect(imported.statusCode).toBe(400)
  expect(imported.json()).toMatchObject({ error: { code: 'invalid-input' } })
  expect((await api.inject('/api/recordings')).json()).toMatchObject({ items: [] })
})
