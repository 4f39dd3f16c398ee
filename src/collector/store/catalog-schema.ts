// The tables of a catalog. The first that opens an empty one fills it from what the bucket holds, so that a bucket that
// was used without a catalog, or whose database was lost, goes on.
import { MicrologError } from '../../base/errors.ts'
import { leaseOfKey } from './catalog-leases.ts'
import type { ObjectStore } from './object-store.ts'
import type { Database, Query } from './pg-client.ts'

export const catalogVersion = 1

/** Of PostgreSQL's advisory locks, for who makes the tables: any number that nobody else uses. */
const schemaLock = 7_318_540_031

// Keys are compared by their bytes, as ObjectStore.list promises.
const tables = `
  CREATE TABLE microlog_catalog (version integer NOT NULL, store text NOT NULL);
  CREATE TABLE microlog_objects (
    key text COLLATE "C" PRIMARY KEY,
    bytes bigint NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE microlog_leases (
    name text COLLATE "C" PRIMARY KEY,
    owner text NOT NULL,
    renewed_at timestamptz NOT NULL
  )`

/**
 * Makes them where they aren't there. Throws `unsupported` for those of a later release, `invalid-input` for those of
 * another store.
 * @param store what people call it
 */
export function ensureCatalog(database: Database, store: string, bucket: ObjectStore): Promise<void> {
  return database.transaction(async query => {
    await query('SELECT pg_advisory_xact_lock($1)', [schemaLock])
    const there = await query<{ found: string | null }>(
      "SELECT to_regclass('microlog_catalog')::text AS found"
    )
    if (there.rows[0]?.found === null) return makeTables(query, store, bucket)
    const { rows } = await query<{ version: number; store: string }>(
      'SELECT version, store FROM microlog_catalog'
    )
    const known = rows[0]
    if (!known || known.version > catalogVersion)
      throw new MicrologError(
        'unsupported',
        `Expected the catalog ${database.name} to have version ${catalogVersion}, found ${known?.version ?? 'none'}: it needs a later release of Microlog`
      )
    if (known.store !== store)
      throw new MicrologError(
        'invalid-input',
        `The catalog ${database.name} is of the store ${known.store}, not of ${store}: each store takes a database of its own`
      )
  })
}

async function makeTables(query: Query, store: string, bucket: ObjectStore): Promise<void> {
  await query(tables)
  await query('INSERT INTO microlog_catalog (version, store) VALUES ($1, $2)', [catalogVersion, store])
  for (const prefix of ['journal/', 'recordings/', 'tombstones/']) {
    const found = await bucket.list(prefix)
    await query(
      `INSERT INTO microlog_objects (key, bytes, written_at)
       SELECT key, bytes, to_timestamp(written / 1000)
       FROM unnest($1::text[], $2::bigint[], $3::float8[]) AS found (key, bytes, written)`,
      [found.map(({ key }) => key), found.map(({ bytes }) => bytes), found.map(({ writtenMs }) => writtenMs)]
    )
    const journals = new Set(found.map(({ key }) => leaseOfKey(key)).filter(() => prefix === 'journal/'))
    await query(
      `INSERT INTO microlog_leases (name, owner, renewed_at)
       SELECT name, '', '-infinity' FROM unnest($1::text[]) AS found (name)`,
      [[...journals].filter(name => name !== undefined)]
    )
  }
}
