// PostgreSQL, as few questions and transactions. `pg` is an optional peer, loaded when a catalog is named. No message of
// here has the URL in it: it may hold a password.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type Pg from 'pg'
import type { QueryResult, QueryResultRow } from 'pg'
import { MicrologError, messageOf, systemCode } from '../../base/errors.ts'

type PgPackage = typeof Pg

export type Query = <Row extends QueryResultRow = QueryResultRow>(
  text: string,
  values?: readonly unknown[]
) => Promise<QueryResult<Row>>

export interface DatabaseStatistics {
  /** Whether it answered what it was asked last; not asked yet, it is taken to. */
  isAnswering: boolean
  /** Questions and transactions that it failed. */
  failures: number
}

export interface Database {
  /** What people call it: postgres://host:port/database, without user and password. */
  name: string
  readonly statistics: Readonly<DatabaseStatistics>
  query: Query
  /** Nothing of it counts where `work` throws. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T>
  close(): Promise<void>
}

const connectMs = 5000
const statementMs = 20_000
/** Each put of an object holds one while it lasts. */
const mostConnections = 12

/** What is wrong stays wrong until somebody changes it: said at the start. */
export class CatalogSettingsError extends MicrologError {}

/** Who may come in, and whether there is such a database: classes and codes of PostgreSQL's errors. */
const settingsCodes = /^(?:28\w{3}|3D000|42501|3F000)$/

export async function loadPg(
  load: () => Promise<PgPackage> = async () => (await import('pg')).default
): Promise<PgPackage> {
  try {
    return await load()
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown
  }
  try {
    return createRequire(join(process.cwd(), 'index.js'))('pg') as PgPackage
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown
    throw new MicrologError('unsupported', 'A catalog needs a package that is not installed: npm install pg')
  }
}

export function openDatabase(pg: PgPackage, url: string): Database {
  const name = catalogName(url)
  const pool = new pg.Pool({
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    query_timeout: statementMs + connectMs,
    max: mostConnections,
    application_name: 'microlog',
    keepAlive: true,
    // Commands end when they are done.
    allowExitOnIdle: true
  })
  // Of connections that wait: whoever asks next hears of it.
  pool.on('error', () => undefined)
  const statistics: DatabaseStatistics = { isAnswering: true, failures: 0 }
  const fail = (thrown: unknown): MicrologError => {
    // What else was done in a transaction may fail, too: a bucket, say.
    if (thrown instanceof MicrologError) return thrown
    statistics.isAnswering = false
    statistics.failures++
    return databaseFailure(thrown, name)
  }
  return {
    name,
    statistics,
    async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) {
      try {
        const answer = await pool.query<Row>(text, [...values])
        statistics.isAnswering = true
        return answer
      } catch (thrown) {
        throw fail(thrown)
      }
    },
    async transaction(work) {
      const client = await pool.connect().catch((thrown: unknown) => {
        throw fail(thrown)
      })
      // A connection that breaks between two questions says so here; the next question fails by itself.
      const ignore = (): void => undefined
      client.on('error', ignore)
      let broken = false
      try {
        await client.query('BEGIN')
        const done = await work((text, values = []) => client.query(text, [...values]))
        await client.query('COMMIT')
        statistics.isAnswering = true
        return done
      } catch (thrown) {
        await client.query('ROLLBACK').catch(() => (broken = true))
        throw fail(thrown)
      } finally {
        client.off('error', ignore)
        client.release(broken)
      }
    },
    close: () => pool.end()
  }
}

/** The URL without what isn't for everybody. Throws `invalid-input` for another kind of URL. */
function catalogName(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !['postgres:', 'postgresql:'].includes(parsed.protocol) || parsed.pathname.length < 2) {
    throw new MicrologError(
      'invalid-input',
      'Expected --catalog or MICROLOG_CATALOG to be a URL such as postgres://user:password@host:5432/database'
    )
  }
  return `postgres://${parsed.host}${parsed.pathname}`
}

function databaseFailure(thrown: unknown, name: string): MicrologError {
  const code = systemCode(thrown)
  if (settingsCodes.test(code))
    return new CatalogSettingsError(
      'unavailable',
      `The catalog ${name} doesn't let us in (${messageOf(thrown)}): see --catalog or MICROLOG_CATALOG`
    )
  const why = messageOf(thrown) || code || 'no answer'
  return new MicrologError('unavailable', `The catalog ${name} doesn't answer now (${why})`)
}

function isMissing(thrown: unknown): boolean {
  return ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(systemCode(thrown))
}
