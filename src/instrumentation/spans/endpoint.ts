import { SpanKind, type Attributes } from '@opentelemetry/api'
import { isMethodOnly, operationOf, requestPath } from '../../base/http-operation.ts'

/** Whoever counts by endpoint keeps each one that there was: paths beyond these hold names of things, and aren't told apart. */
const mostPaths = 100
const operations = new Set<string>()

/** What a request's samples are told apart by: 'GET /orders/:id', 'GET /orders/*' where nothing knew the route. */
export function endpointOf({ endpoint, path }: { endpoint: string; path: string }): string {
  if (path === '') return endpoint
  const operation = operationOf(endpoint, path)
  if (!operations.has(operation)) {
    if (operations.size === mostPaths) return endpoint
    operations.add(operation)
  }
  return operation
}

/** What a span that is named by an HTTP method alone was asked for; '' for all others. */
export function pathOf(name: string, attributes: Attributes | undefined, kind: SpanKind | undefined): string {
  if (!isMethodOnly(name)) return ''
  return requestPath(kind === SpanKind.CLIENT, key => {
    const value = attributes?.[key]
    return typeof value === 'string' ? value : ''
  })
}
