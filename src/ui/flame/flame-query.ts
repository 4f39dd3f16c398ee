// The questions to the collector that the flame graph over all recordings asks in this address.
import type { FlameFilter } from '../data/api-client.ts'
import { formatDate } from '../data/format-date.ts'
import { chosenTimes, latestTimes } from '../data/time-choice.ts'
import type { Query } from '../state/address.ts'

/** Parameters of the address that say what is in the graph, and what it is compared with. */
export const flameParameters = ['service', 'endpoint', 'version', 'last', 'from', 'to', 'against'] as const

/** As `against` stands in the address. */
export const timeBefore = 'before'
const versionPrefix = 'version:'
export const againstVersion = (version: string): string => `${versionPrefix}${version}`

/**
 * The address over all recordings that asks what the flame graph of a recording of that service shows.
 * @param query of that recording
 */
export function queryOverAll(service: string, query: Query): Query {
  const { endpoint, hide, q, from } = query
  return {
    service,
    ...(endpoint && { endpoint }),
    ...(hide && { hide }),
    ...(from === 'callees' && { top: 'functions' }),
    ...(q && { q })
  }
}

export interface AskedFlame {
  readonly shown: FlameFilter
  /** What it is compared with; undefined for nothing. */
  readonly against: FlameFilter | undefined
  /** What a person calls both. */
  readonly names: { readonly a: string; readonly b: string }
}

export function askedFlame(query: Query, nowMs: number): AskedFlame {
  const { service, endpoint, version } = query
  const shown: FlameFilter = {
    ...(service && { service }),
    ...(endpoint && { endpoint }),
    ...(version && { version }),
    ...chosenTimes(query, nowMs)
  }
  const other = againstWhich(query)
  if (other !== undefined) {
    const names = { a: `version ${other}`, b: version ? `version ${version}` : 'all versions' }
    return { shown, against: { ...shown, version: other }, names }
  }
  const before = query['against'] === timeBefore ? rangeBefore(shown, nowMs) : undefined
  const last = latestTimes.find(({ name }) => name === query['last'])
  const names = { a: before ? rangeText(before, nowMs) : '', b: last?.title.toLowerCase() ?? '' }
  if (!last && before) names.b = rangeText({ from: before.to, to: shown.to ?? nowMs }, nowMs)
  return { shown, against: before && { ...shown, ...before }, names }
}

const inNumbers = new Intl.Collator('en', { numeric: true })

/** '1.10' before '1.9'. */
export function newestFirst(versions: readonly string[]): string[] {
  return [...versions].sort((a, b) => inNumbers.compare(b, a))
}

/** Whether a time before the one that is chosen is as long. */
export function hasTimeBefore(query: Query, nowMs: number): boolean {
  return rangeBefore(chosenTimes(query, nowMs), nowMs) !== undefined
}

/** The version that it is compared with: one against itself shows nothing. */
export function againstWhich({ against, version }: Query): string | undefined {
  if (!against?.startsWith(versionPrefix)) return undefined
  const other = against.slice(versionPrefix.length)
  return other === '' || other === version ? undefined : other
}

function rangeBefore({ from, to }: FlameFilter, nowMs: number): { from: number; to: number } | undefined {
  const length = from === undefined ? 0 : (to ?? nowMs) - from
  return from !== undefined && length > 0 ? { from: Math.max(0, from - length), to: from } : undefined
}

function rangeText({ from, to }: { from: number; to: number }, nowMs: number): string {
  return `${formatDate(from, nowMs)} – ${formatDate(to, nowMs)}`
}
