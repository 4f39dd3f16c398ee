// Who has what in a catalog: a journal, or the turn to compact. Only the database's clock counts. Each taking has a token
// of its own; whoever stood still and lost it finds another's there, in the transaction that it wanted to write in.
import { randomBytes } from 'node:crypto'
import { MicrologError } from '../../base/errors.ts'
import type { Lease } from './journal-lease.ts'
import { parseSealedId, parseSegmentKey } from './keys.ts'
import type { Database, Query } from './pg-client.ts'

export interface CatalogLease extends Lease {
  /** Gives it back for good: nobody shall take it over. */
  remove(): Promise<void>
}

const journalKey = /^journal\/([0-9a-z]+)\//

/** The lease that who writes this object has to have, if it is one of those of this process. */
export function leaseOfKey(key: string): string | undefined {
  const journal = journalKey.exec(key)?.[1] ?? parseSealedId(parseSegmentKey(key)?.segment ?? '')?.journal
  return journal === undefined ? undefined : journalLease(journal)
}

export function journalLease(journal: string): string {
  return `journal/${journal}`
}

export class CatalogLeases {
  /** After so long without a sign of its owner it is anybody's, ms. */
  readonly lapsesAfterMs: number
  /** Journals that collectors beside this process have, as of the last sign of it. */
  others = 0
  readonly #database: Database
  /** Tokens by name. Those that were lost stay: what they stood for must not be written any more. */
  readonly #tokens = new Map<string, string>()
  /** performance.now() since when the database answers. */
  #answersSinceMs: number | undefined

  constructor(database: Database, lapsesAfterMs: number) {
    this.#database = database
    this.lapsesAfterMs = lapsesAfterMs
  }

  /** Undefined while somebody else has it. */
  async take(name: string): Promise<CatalogLease | undefined> {
    const token = randomBytes(12).toString('hex')
    return (await this.#insert(name, token)) ? this.#keep(name, token) : undefined
  }

  /** A new one that nobody else wants; the database hears of it once it answers. */
  takeNew(name: string): CatalogLease {
    return this.#keep(name, randomBytes(12).toString('hex'), false)
  }

  /** Names of those that lapsed. None before the others had time to say that they are alive: the database may be back only now. */
  async lapsed(prefix: string): Promise<string[]> {
    const sinceMs = this.#answersSinceMs
    if (sinceMs === undefined || performance.now() - sinceMs < this.lapsesAfterMs) return []
    const { rows } = await this.#database.query<{ name: string }>(
      `SELECT name FROM microlog_leases
       WHERE starts_with(name, $1) AND renewed_at < now() - $2 * interval '1 ms' ORDER BY name`,
      [prefix, this.lapsesAfterMs]
    )
    return rows.map(({ name }) => name)
  }

  /** In the transaction that writes an object: throws where another has taken over what it belongs to. */
  async check(query: Query, key: string): Promise<void> {
    const name = leaseOfKey(key)
    const token = name === undefined ? undefined : this.#tokens.get(name)
    if (token === undefined) return
    const { rowCount } = await query(
      'SELECT 1 FROM microlog_leases WHERE name = $1 AND owner = $2 FOR SHARE',
      [name, token]
    )
    if (rowCount !== 1)
      throw new MicrologError('unavailable', `Another collector has taken over ${name}: restart this one`)
  }

  async #insert(name: string, token: string): Promise<boolean> {
    const { rowCount } = await this.#database.query(
      `INSERT INTO microlog_leases AS known (name, owner, renewed_at) VALUES ($1, $2, now())
       ON CONFLICT (name) DO UPDATE SET owner = $2, renewed_at = now()
       WHERE known.owner = $2 OR known.renewed_at < now() - $3 * interval '1 ms'`,
      [name, token, this.lapsesAfterMs]
    )
    return rowCount === 1
  }

  #keep(name: string, token: string, isTold = true): CatalogLease {
    this.#tokens.set(name, token)
    let renewals: Promise<unknown> = Promise.resolve()
    const renewNow = async (): Promise<boolean> => {
      try {
        const isOurs = isTold ? await this.#renew(name, token) : await this.#insert(name, token)
        isTold = true
        // Lost for good.
        if (!isOurs) clearInterval(timer)
        this.#answersSinceMs ??= performance.now()
        return isOurs
      } catch (thrown) {
        this.#answersSinceMs = undefined
        throw thrown
      }
    }
    const renew = (): Promise<boolean> => {
      const renewal = renewNow()
      renewals = Promise.allSettled([renewals, renewal])
      return renewal
    }
    // By a clock of its own: sealing may take long, and whoever is alive keeps what it has.
    const timer = setInterval(() => void renew().catch(() => undefined), this.lapsesAfterMs / 6).unref()
    const end = async (change: string): Promise<void> => {
      clearInterval(timer)
      // One that came after the end would make it last.
      await renewals
      await this.#database.query(`${change} WHERE name = $1 AND owner = $2`, [name, token])
    }
    return {
      renew,
      release: () => end("UPDATE microlog_leases SET renewed_at = '-infinity'"),
      remove: () => end('DELETE FROM microlog_leases')
    }
  }

  async #renew(name: string, token: string): Promise<boolean> {
    const { rows } = await this.#database.query<{ others: number }>(
      `UPDATE microlog_leases SET renewed_at = now() WHERE name = $1 AND owner = $2 RETURNING (
         SELECT count(*)::integer FROM microlog_leases
         WHERE starts_with(name, 'journal/') AND owner <> ALL($3)
         AND renewed_at >= now() - $4 * interval '1 ms'
       ) AS others`,
      [name, token, [...this.#tokens.values()], this.lapsesAfterMs]
    )
    if (rows[0]) this.others = rows[0].others
    return rows.length === 1
  }
}
