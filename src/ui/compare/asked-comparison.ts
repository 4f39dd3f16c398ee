/** What an address asks to compare. */
export type AskedComparison =
  | { kind: 'two'; a: string; b: string }
  /** Only one is chosen, or none. */
  | { kind: 'missing' }
  | { kind: 'same' }
  | { kind: 'no id'; text: string }

const idPattern = /^[0-9a-z]{26}$/

/** A link may come from anybody: what is no id is never asked for. */
export function askedComparison(a: string | undefined, b: string | undefined): AskedComparison {
  for (const text of [a, b]) if (text && !idPattern.test(text)) return { kind: 'no id', text }
  if (!a || !b) return { kind: 'missing' }
  return a === b ? { kind: 'same' } : { kind: 'two', a, b }
}
