// How a database gets its tables, and its rows from a bucket that is there already: a real PostgreSQL.
import { expect, onTestFinished, test } from 'vitest'
import { ensureCatalog } from '../../../src/collector/store/catalog-schema.ts'
import { loadPg, openDatabase } from '../../../src/collector/store/pg-client.ts'
import type { Database } from '../../../src/collector/store/pg-client.ts'
import { startPostgres } from '../../helpers/postgres.ts'
import { openBucketStore, smallBucket } from '../bucket.ts'

const longMs = 120_000

/** A database whose transactions fail from a number on. */
function failingAfter(database: Database, transactions: number): Database {
  let left = transactions
  return {
    ...database,
    transaction: work =>
      left-- > 0 ? database.transaction(work) : Promise.reject(new Error('The database is away'))
  }
}

test(
  'a large bucket fills a catalog in batches: a cut filling keeps what is done, and who opens it next goes on',
  async () => {
    const [postgres, small] = await Promise.all([startPostgres(), smallBucket({ pageSize: 1000 })])
    for (let number = 0; number < 2500; number++) {
      const key = `some/prefix/journal/abc/${String(number).padStart(8, '0')}.journal`
      small.server.objects.set(key, { bytes: Buffer.from('x'), writtenMs: Date.UTC(2026, 0, 1) })
    }
    const bucket = await openBucketStore(small)
    const database = openDatabase(await loadPg(), postgres.url)
    onTestFinished(() => database.close())
    const rowsOf = async (table: string): Promise<number> =>
      Number((await postgres.query(`SELECT count(*) AS rows FROM ${table}`))[0]!['rows'])

    const cut = ensureCatalog(failingAfter(database, 3), small.where, bucket)
    await expect(cut).rejects.toThrow('away')
    expect(await rowsOf('microlog_objects')).toBe(2000)
    expect(await rowsOf('microlog_catalog')).toBe(0)
    await expect(ensureCatalog(database, 's3://another/store', bucket)).rejects.toThrow('is of the store s3:')

    const both = [1, 2].map(() => ensureCatalog(database, small.where, bucket))
    await Promise.all(both)
    expect(await rowsOf('microlog_objects')).toBe(2500)
    expect(await rowsOf('microlog_catalog')).toBe(1)
    const leases = await postgres.query('SELECT name, renewed_at::text AS renewed FROM microlog_leases')
    expect(leases).toEqual([{ name: 'journal/abc', renewed: '-infinity' }])

    // Filled is filled: what is gone from it doesn't come back.
    await postgres.query('DELETE FROM microlog_objects')
    await ensureCatalog(database, small.where, bucket)
    expect(await rowsOf('microlog_objects')).toBe(0)
  },
  longMs
)
