// What a trace lasted for: the stretches of its spans that, made shorter, would shorten the trace. Found from its end
// backwards: a span waited for that of its children which ended last, before that one began for the one which had ended
// last by then, and what lies between is its own. A child that went on after its parent had ended was not waited for,
// unless the parent is a client: clocks of two processes differ, and a server ends once the answer is through.

/** Of a tree of spans, parents before their children. Times in ns. */
export interface PathSpan {
  /** Index in the same list, -1 for none. */
  readonly parent: number
  readonly start: number
  readonly end: number
  /** What is below it ends with it at the latest. */
  readonly isClient: boolean
}

export interface PathPart {
  /** Index of the span. */
  readonly span: number
  readonly from: number
  readonly to: number
}

/** A span on the way back through it, from `rest` to `start`. */
interface Walk {
  readonly span: number
  readonly start: number
  rest: number
  /** Children from here on ended before `rest`, or began after it. */
  next: number
}

/** By time; no two overlap. Where there is a gap, nothing of the trace was going on that anything waited for. */
export function criticalPath(spans: readonly PathSpan[]): PathPart[] {
  const ended = spans.map(({ end, parent }) =>
    spans[parent]?.isClient ? Math.min(end, spans[parent].end) : end
  )
  const children = childrenByEnd(spans, ended)
  const parts: PathPart[] = []
  const addPart = (span: number, from: number, to: number): void => {
    if (span >= 0 && to > from) parts.push({ span, from, to })
  }
  const walkBack = (span: number, start: number, until: number): void => {
    const walks: Walk[] = [{ span, start, rest: until, next: 0 }]
    for (let walk = walks.at(-1); walk; walk = walks.at(-1)) {
      const child = children.get(walk.span)?.[walk.next++]
      if (child === undefined) {
        addPart(walk.span, walk.start, walk.rest)
        walks.pop()
        continue
      }
      const [from, to] = [Math.max(walk.start, spans[child]!.start), ended[child]!]
      if (to > walk.rest || to <= from) continue
      addPart(walk.span, to, walk.rest)
      walk.rest = from
      walks.push({ span: child, start: from, rest: to, next: 0 })
    }
  }
  let until = Infinity
  for (let at = lastToEnd(spans); at >= 0; at = spans[at]!.parent) {
    const { start, end } = spans[at]!
    walkBack(at, start, Math.min(until, end))
    until = Math.min(until, start)
  }
  walkBack(-1, -Infinity, until)
  return parts.reverse()
}

/** Of those that end with the trace the outermost. */
function lastToEnd(spans: readonly PathSpan[]): number {
  return spans.reduce((last, { end }, index) => (last < 0 || end > spans[last]!.end ? index : last), -1)
}

/** The last one first; of equals the longest. Those without a parent are the children of -1. */
function childrenByEnd(spans: readonly PathSpan[], ended: readonly number[]): Map<number, number[]> {
  const children = new Map<number, number[]>()
  spans.forEach(({ parent }, index) => {
    const siblings = children.get(parent)
    if (siblings) siblings.push(index)
    else children.set(parent, [index])
  })
  for (const siblings of children.values())
    siblings.sort((a, b) => ended[b]! - ended[a]! || spans[a]!.start - spans[b]!.start)
  return children
}
