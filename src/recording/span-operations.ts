// What spans are told apart by: their names, and where a name is an HTTP method alone, what it was asked of.
import { isMethodOnly, pathPattern } from '../base/http-operation.ts'
import { httpPath } from './http-path.ts'
import { oncePer } from './once-per.ts'
import type { Recording } from './schema.ts'

export interface SpanOperations {
  readonly names: readonly string[]
  /** By row of `spans`: a row of `names`. */
  readonly of: Int32Array
}

/** More hold names of things: what they begin with tells more. */
const mostPaths = 50

export const spanOperations = oncePer((recording: Recording): SpanOperations => {
  const { spans, strings } = recording
  const told = Array.from({ length: spans.length }, (_, row) => strings[spans.name[row]!]!)
  const paths = told.map((name, row) => (isMethodOnly(name) ? pathPattern(httpPath(recording, row)) : ''))
  const pathsOf = new Map<string, Set<string>>()
  for (const [row, name] of told.entries()) {
    const path = paths[row]!
    if (path !== '') pathsOf.set(name, (pathsOf.get(name) ?? new Set()).add(path))
  }
  const shortened = new Map([...pathsOf].map(([name, paths]) => [name, shortenPaths(paths)]))
  const rows = new Map<string, number>()
  const of = Int32Array.from(told, (name, row) => {
    const path = shortened.get(name)?.get(paths[row]!) ?? ''
    const operation = path === '' ? name : `${name} ${path}`
    const known = rows.get(operation) ?? rows.size
    rows.set(operation, known)
    return known
  })
  return { names: [...rows.keys()], of }
})

/** By path: as many of its first parts as leave few enough to tell apart, '/products/…'; '' where that is none. */
function shortenPaths(paths: ReadonlySet<string>): Map<string, string> {
  const split = [...paths].map(path => ({ path, parts: path.split('/') }))
  const shortened = (most: number): Map<string, string> =>
    new Map(split.map(({ path, parts }) => [path, firstParts(parts, most)]))
  // More parts never leave fewer to tell apart, and a path may have thousands.
  let fits = 0
  let tooMany = 1 + split.reduce((longest, { parts }) => Math.max(longest, parts.length), 0)
  while (tooMany - fits > 1) {
    const most = (fits + tooMany) >> 1
    if (new Set(shortened(most).values()).size <= mostPaths) fits = most
    else tooMany = most
  }
  return fits === 0 ? new Map() : shortened(fits)
}

function firstParts(parts: readonly string[], most: number): string {
  if (parts.length <= most) return parts.join('/')
  const first = parts.slice(0, most).join('/')
  return first === '' ? '' : `${first}/…`
}
