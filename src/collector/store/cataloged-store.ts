// Objects in a bucket, and a row for each in PostgreSQL: the rows are the truth. An object is put before its row is
// committed and goes after it; one without a row is rubbish. Whoever changes a name has the database's lock on it.
import type { CatalogLeases } from './catalog-leases.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'
import type { Database, Query } from './pg-client.ts'

export interface CatalogedStore extends ObjectStore {
  /** Deletes objects that no row names, and that are old enough; how many. */
  sweep(nowMs: number): Promise<number>
}

interface Row {
  key: string
  bytes: string
  written: number
}

const rubbishAfterMs = 24 * 3_600_000
const isOurs = /^(?:journal|recordings|tombstones)\//

/** @param ready answers once the tables are there */
export function createCatalogedStore(
  bucket: ObjectStore,
  database: Database,
  leases: CatalogLeases,
  ready: () => Promise<void>
): CatalogedStore {
  const lock = (query: Query, key: string) =>
    query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key])
  const isNamed = async (query: Query, key: string): Promise<boolean> =>
    (await query('SELECT 1 FROM microlog_objects WHERE key = $1', [key])).rowCount === 1

  /** Of who died between the object and its row, or between the row and its object. */
  function removeUnnamed(key: string): Promise<boolean> {
    return database.transaction(async query => {
      await lock(query, key)
      if (await isNamed(query, key)) return false
      await bucket.delete(key)
      return true
    })
  }

  return {
    async putIfAbsent(key, bytes) {
      await ready()
      return database.transaction(async query => {
        await lock(query, key)
        if (await isNamed(query, key)) return false
        if (!(await bucket.putIfAbsent(key, bytes))) {
          await bucket.delete(key)
          await bucket.putIfAbsent(key, bytes)
        }
        await leases.check(query, key)
        await query('INSERT INTO microlog_objects (key, bytes) VALUES ($1, $2)', [key, bytes.length])
        return true
      })
    },
    getRange: bucket.getRange,
    async list(prefix) {
      await ready()
      const { rows } = await database.query<Row>(
        `SELECT key, bytes, extract(epoch FROM written_at)::float8 * 1000 AS written
         FROM microlog_objects WHERE starts_with(key, $1) ORDER BY key`,
        [prefix]
      )
      return rows.map(({ key, bytes, written }): StoredObject => ({
        key,
        bytes: Number(bytes),
        writtenMs: Math.floor(written)
      }))
    },
    async delete(key) {
      await ready()
      await database.query('DELETE FROM microlog_objects WHERE key = $1', [key])
      await removeUnnamed(key)
    },
    async sweep(nowMs) {
      await ready()
      const { rows } = await database.query<{ key: string }>('SELECT key FROM microlog_objects')
      const named = new Set(rows.map(({ key }) => key))
      let swept = 0
      for (const { key, writtenMs } of await bucket.list(''))
        if (isOurs.test(key) && !named.has(key) && nowMs - writtenMs > rubbishAfterMs)
          if (await removeUnnamed(key)) swept++
      return swept
    }
  }
}
