// What spans are told apart by: their names, and where a name is an HTTP method alone, what it was asked of.
import { httpPath, isMethodOnly, operationOf } from './http-path.ts'
import { oncePer } from './once-per.ts'
import type { Recording } from './schema.ts'

export interface SpanOperations {
  readonly names: readonly string[]
  /** By row of `spans`: a row of `names`. */
  readonly of: Int32Array
}

/** Of more, the paths hold names of things, and a method alone tells more. */
const mostPaths = 50

export const spanOperations = oncePer((recording: Recording): SpanOperations => {
  const { spans, strings } = recording
  const told = Array.from({ length: spans.length }, (_, row) => strings[spans.name[row]!]!)
  const withPaths = told.map((name, row) =>
    isMethodOnly(name) ? operationOf(name, httpPath(recording, row)) : name
  )
  const pathsOf = new Map<string, Set<string>>()
  for (const [row, name] of told.entries()) {
    if (withPaths[row] === name) continue
    const paths = pathsOf.get(name) ?? new Set()
    pathsOf.set(name, paths.add(withPaths[row]!))
  }
  const rows = new Map<string, number>()
  const of = Int32Array.from(told, (name, row) => {
    const operation = (pathsOf.get(name)?.size ?? 0) > mostPaths ? name : withPaths[row]!
    const known = rows.get(operation) ?? rows.size
    rows.set(operation, known)
    return known
  })
  return { names: [...rows.keys()], of }
})
