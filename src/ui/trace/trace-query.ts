import type { TraceFilter } from '../data/api-client.ts'
import { chosenTimes } from '../data/time-choice.ts'
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
export function traceQuery(query: Query, scope: TraceScope, nowMs: number): TraceFilter {
  const filter: TraceFilter = {}
  const set = (name: Exclude<keyof TraceFilter, 'sort'>, value: string | undefined) => {
    if (value) filter[name] = value
  }
  set('service', scope.service ?? query['service'])
  set('name', query['name'])
  set('operation', query['op'])
  set('minDurationMs', durationOf(query['min']))
  set('maxDurationMs', durationOf(query['max']))
  set('attr', isAttributeFilter(query['attr'] ?? '') ? query['attr'] : undefined)
  set('q', query['text'])
  set('error', query['error'] === 'true' ? 'true' : undefined)
  const { from, to } = traceTimes(query, scope, nowMs)
  set('from', from === undefined ? undefined : String(Math.floor(from)))
  set('to', to === undefined ? undefined : String(Math.ceil(to)))
  return filter
}

/** When traces ran that a list in this address shows, within the scope; Unix ms, undefined for any. */
export function traceTimes(
  query: Query,
  scope: TraceScope,
  nowMs: number
): { from: number | undefined; to: number | undefined } {
  const { from, to } = chosenTimes(query, nowMs)
  return {
    from: from === undefined ? scope.from : Math.max(from, scope.from ?? -Infinity),
    to: to === undefined ? scope.to : Math.min(to, scope.to ?? Infinity)
  }
}

/** Parameters of the address that leave out traces. */
export const traceParameters = [
  ...['service', 'name', 'op', 'min', 'max', 'attr', 'text', 'error', 'last', 'from', 'to']
] as const

function durationOf(text: string | undefined): string | undefined {
  return /^[0-9]{1,9}(\.[0-9]+)?$/.test(text ?? '') ? text : undefined
}
