// What the footer tells of a segment as a whole, from docs/format.md alone.
import type { Segment } from './read-segment.ts'

/** In the order of the document. */
const countNames = [
  'samples',
  'logSamples',
  'spanSamples',
  'otherSamples',
  'spans',
  'spanErrors',
  'events',
  'logs',
  'statuses',
  'points',
  'opaque'
]
const levelNames = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

export function readFacts({ from, to, meta, counts }: Segment): unknown {
  const named = (names: string[], first: number): Record<string, number> =>
    Object.fromEntries(names.map((name, i) => [name, counts[first + i] ?? 0]))
  return {
    from,
    to,
    meta: readMeta(meta),
    counts: { ...named(countNames, 0), levels: named(levelNames, countNames.length) }
  }
}

function readMeta(meta: Segment['meta']): unknown {
  const first = (wanted: string): string | undefined => meta.find(([name]) => name === wanted)?.[1]
  const below = (prefix: string): [string, string][] =>
    meta
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value])
  return {
    recording: first('recording') ?? '',
    label: first('label') ?? '',
    journals: below('journal.').flatMap(([file, places]) => readPlaces(file, places)),
    resource: Object.fromEntries(below('resource.')),
    replaces: meta.filter(([name]) => name === 'replaces').map(([, value]) => value),
    ...(first('written') !== undefined && { writtenMs: Number(first('written')) })
  }
}

function readPlaces(file: string, places: string): { file: string; from: number; to: number }[] {
  const numbers = places.split(' ').map(Number)
  let last = 0
  return Array.from({ length: numbers.length / 2 }, (_, i) => {
    const from = last + numbers[2 * i]!
    last = from + numbers[2 * i + 1]!
    return { file, from, to: last }
  })
}
