// Kinds of Microlog's markers and OTLP severity numbers: its own kinds are small, the others are levels of Python's logging.

/** By the kinds that are Microlog's own. */
const ownKinds = new Map([
  [3, 9],
  [4, 13],
  [5, 5],
  [6, 17]
])

export function severityOfKind(kind: number): number {
  const own = ownKinds.get(kind)
  if (own !== undefined) return own
  if (kind >= 50) return 21
  if (kind >= 40) return 17
  if (kind >= 30) return 13
  if (kind >= 20) return 9
  return kind >= 10 ? 5 : 1
}
