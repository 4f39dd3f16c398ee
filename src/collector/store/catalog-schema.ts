// The tables of a catalog. The first that opens an empty one fills it from what the bucket holds, so that a bucket that
// was used without a catalog, or whose database was lost, goes on.
import { MicrologError } from '../../base/errors.ts'
import { leaseOfKey } from './catalog-leases.ts'
import type { ObjectStore, StoredObject } from './object-store.ts'
import type { Database, Query } from './pg-client.ts'

const catalogVersion = 1

/** Of PostgreSQL's advisory locks, for who makes the tables: any number that nobody else uses. */
const schemaLock = 7_318_540_031

// microlog_filling is there, and microlog_catalog empty, until all that the bucket holds is named: no release uses half a
// catalog. Keys are compared by their bytes, as ObjectStore.list promises.
const tables = `
  CREATE TABLE microlog_catalog (version integer NOT NULL, store text NOT NULL);
  DROP TABLE IF EXISTS microlog_filling;
  CREATE TABLE microlog_filling (store text NOT NULL);
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

/** Objects in one transaction of a filling: what is done stays done, and no statement takes long. */
const fillBatch = 1000

/**
 * Makes them where they aren't there, and goes on with a filling that was cut. Throws `unsupported` for those of a later
 * release, `invalid-input` for those of another store.
 * @param store what people call it
 */
export async function ensureCatalog(database: Database, store: string, bucket: ObjectStore): Promise<void> {
  const isFilled = await locked(database, async query => {
    if (!(await isThere(query, 'microlog_catalog'))) {
      await query(tables)
      await query('INSERT INTO microlog_filling (store) VALUES ($1)', [store])
      return false
    }
    return isCatalogFilled(query, database.name, store)
  })
  if (isFilled) return
  for (const prefix of ['journal/', 'recordings/', 'tombstones/']) {
    const found = await bucket.list(prefix)
    for (let start = 0; start < found.length; start += fillBatch) {
      const batch = found.slice(start, start + fillBatch)
      if (!(await whileFilling(database, query => addObjects(query, batch)))) return
    }
  }
  await whileFilling(database, async query => {
    await query('INSERT INTO microlog_catalog (version, store) VALUES ($1, $2)', [catalogVersion, store])
    await query('DROP TABLE microlog_filling')
  })
}

function locked<T>(database: Database, work: (query: Query) => Promise<T>): Promise<T> {
  return database.transaction(async query => {
    await query('SELECT pg_advisory_xact_lock($1)', [schemaLock])
    return work(query)
  })
}

/** False once another has filled it: what was listed before may be deleted by now. */
function whileFilling(database: Database, work: (query: Query) => Promise<unknown>): Promise<boolean> {
  return locked(database, async query => {
    if (!(await isThere(query, 'microlog_filling'))) return false
    await work(query)
    return true
  })
}

async function isThere(query: Query, table: string): Promise<boolean> {
  const { rows } = await query<{ found: string | null }>('SELECT to_regclass($1)::text AS found', [table])
  return typeof rows[0]?.found === 'string'
}

async function isCatalogFilled(query: Query, name: string, store: string): Promise<boolean> {
  const filling = await isThere(query, 'microlog_filling')
  const { rows } = filling
    ? await query<{ version: number; store: string }>(
        'SELECT $1::integer AS version, store FROM microlog_filling',
        [catalogVersion]
      )
    : await query<{ version: number; store: string }>('SELECT version, store FROM microlog_catalog')
  const known = rows[0]
  if (!known || known.version > catalogVersion)
    throw new MicrologError(
      'unsupported',
      `Expected the catalog ${name} to have version ${catalogVersion}, found ${known?.version ?? 'none'}: it needs a later release of Microlog`
    )
  if (known.store !== store)
    throw new MicrologError(
      'invalid-input',
      `The catalog ${name} is of the store ${known.store}, not of ${store}: each store takes a database of its own`
    )
  return !filling
}

async function addObjects(query: Query, found: readonly StoredObject[]): Promise<void> {
  await query(
    `INSERT INTO microlog_objects (key, bytes, written_at)
     SELECT key, bytes, to_timestamp(written / 1000)
     FROM unnest($1::text[], $2::bigint[], $3::float8[]) AS found (key, bytes, written)
     ON CONFLICT DO NOTHING`,
    [found.map(({ key }) => key), found.map(({ bytes }) => bytes), found.map(({ writtenMs }) => writtenMs)]
  )
  const journals = found.flatMap(({ key }) => (key.startsWith('journal/') ? [leaseOfKey(key)] : []))
  await query(
    `INSERT INTO microlog_leases (name, owner, renewed_at)
     SELECT name, '', '-infinity' FROM unnest($1::text[]) AS found (name) ON CONFLICT DO NOTHING`,
    [[...new Set(journals)].filter(name => name !== undefined)]
  )
}
