import type { DatabaseStatistics } from '../store/pg-client.ts'
import type { SweepStatistics } from '../store/sweeper.ts'

/** What the collector tells of itself. */
export interface HealthFacts {
  version: string
  store: string
  /** Of a bucket, where it has one. */
  catalog?: CatalogFacts | undefined
  /** Asked each time: the port is known once it listens. @param host that the request came to, without a port */
  otlpUrl(host: string): string
  problems(): string[]
}

export interface CatalogFacts {
  /** Without user and password. */
  name: string
  statistics: Readonly<DatabaseStatistics>
  sweep: Readonly<SweepStatistics>
  /** Collectors beside this one. */
  others(): number
}
