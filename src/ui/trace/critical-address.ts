// Whether the address of a trace asks for its critical path: it does unless somebody turned it off.
import type { Query } from '../state/address.ts'

export function showsCritical(query: Query): boolean {
  return query['path'] !== 'off'
}

export function criticalChanges(query: Query): Record<string, string> {
  return { path: showsCritical(query) ? 'off' : '' }
}
