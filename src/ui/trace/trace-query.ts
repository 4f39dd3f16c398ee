import type { TraceFilter } from '../data/api-client.ts'
import type { Query } from '../state/address.ts'

/** Limits that the place of a list sets: the traces of one recording. */
export interface TraceScope {
  service?: string | undefined
  /** Unix ms. */
  from?: number | undefined
  to?: number | undefined
}

/** 'key:value', as far as it is typed. */
export function isAttributeFilter(typed: string): boolean {
  return /^[^:]+:./.test(typed)
}

/** The question to the collector that a list of traces in this address asks. */
export function traceQuery(query: Query, scope: TraceScope): TraceFilter {
  const filter: TraceFilter = {}
  const set = (name: Exclude<keyof TraceFilter, 'sort'>, value: string | undefined) => {
    if (value) filter[name] = value
  }
  set('service', scope.service ?? query['service'])
  set('name', query['name'])
  set('minDurationMs', /^[0-9]{1,9}(\.[0-9]+)?$/.test(query['min'] ?? '') ? query['min'] : undefined)
  set('attr', isAttributeFilter(query['attr'] ?? '') ? query['attr'] : undefined)
  set('q', query['text'])
  set('error', query['error'] === 'true' ? 'true' : undefined)
  set('from', scope.from === undefined ? undefined : String(Math.floor(scope.from)))
  set('to', scope.to === undefined ? undefined : String(Math.ceil(scope.to)))
  return filter
}
