import { expect, test } from 'vitest'
import { CatalogLeases } from '../../../src/collector/store/catalog-leases.ts'
import type { Database } from '../../../src/collector/store/pg-client.ts'

test('a lease is given back behind a renewal that is under way, which would make it last', async () => {
  const asked: string[] = []
  let answer = (): void => {}
  const query = async (text: string): Promise<unknown> => {
    asked.push(text.trim().split(' ', 2).join(' ') + (text.includes('-infinity') ? ' back' : ''))
    if (asked.length === 2) await new Promise<void>(resolve => (answer = resolve))
    return { rows: [{ others: 0 }], rowCount: 1 }
  }
  const leases = new CatalogLeases({ query } as unknown as Database, 60_000)
  const lease = (await leases.take('compaction'))!
  const renewal = lease.renew()
  const release = lease.release()
  await new Promise(setImmediate)
  expect(asked).toEqual(['INSERT INTO', 'UPDATE microlog_leases'])
  answer()
  expect(await renewal).toBe(true)
  await release
  expect(asked.at(-1)).toBe('UPDATE microlog_leases back')
})
