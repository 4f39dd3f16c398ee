import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { createCollector } from '../../src/collector/index.ts'
import { temporaryFolder } from './temporary-store.ts'

vi.mock('../../src/collector/http/api-app.ts', () => ({
  createApiApp: () => Promise.reject(new Error('no screens'))
}))

test('a collector whose screens fail to start leaves no journal taken', async () => {
  const store = temporaryFolder()
  await expect(createCollector({ store, port: 0, otlpPort: 0 })).rejects.toThrow('no screens')
  expect(readdirSync(join(store, 'journal'))).toEqual([])
})
