// What the table of functions says in its cells, as shares of the busy time or as time.
import { formatChange, formatDuration, formatShare, formatShareChange, nanosPerMs } from '../../base/units.ts'
import type { CallTimes } from '../../recording/diff-flame.ts'
import type { FunctionDiff } from '../../recording/diff-functions.ts'
import type { FunctionOrder, Measure } from './sort-functions.ts'

/** Of what isn't there: an empty cell would look as if something had not loaded. */
export const noFigure = '–'

export const functionColumns: readonly { order: FunctionOrder; title: string }[] = [
  { order: 'change', title: 'Change' },
  { order: 'selfA', title: 'Self A' },
  { order: 'selfB', title: 'Self B' },
  { order: 'totalA', title: 'Total A' },
  { order: 'totalB', title: 'Total B' }
]

/** In the order of the columns. */
export function functionCells({ a, b, difference }: FunctionDiff, measure: Measure): string[] {
  if (measure === 'time')
    return [
      formatChange(difference.selfMs, msText) || noFigure,
      ...[a.selfMs, b.selfMs, a.totalMs, b.totalMs].map(ms => (ms > 0 ? msText(ms) : noFigure))
    ]
  return [
    formatShareChange(difference.selfShare) || noFigure,
    ...[a.selfShare, b.selfShare, a.totalShare, b.totalShare].map(share =>
      share > 0 ? formatShare(share) : noFigure
    )
  ]
}

/** How a change is coloured. */
export function toneOf({ difference }: FunctionDiff, measure: Measure): 'grew' | 'shrank' {
  return (measure === 'time' ? difference.selfMs : difference.selfShare) > 0 ? 'grew' : 'shrank'
}

/** '12.0 % (340 ms) → 15.3 % (1.20 s)': a call on both sides. */
export function tellTotals({ a, b }: { a: CallTimes; b: CallTimes }): string {
  return tellSides([a.totalShare, a.total], [b.totalShare, b.total])
}

/** 'itself 2.0 % (34.0 ms) → nothing' */
export function tellSelf({ a, b }: { a: CallTimes; b: CallTimes }): string {
  return `itself ${tellSides([a.selfShare, a.self], [b.selfShare, b.self])}`
}

type Side = readonly [share: number, nanos: number]

function tellSides(a: Side, b: Side): string {
  const side = ([share, nanos]: Side): string =>
    nanos > 0 ? `${formatShare(share)} (${formatDuration(nanos)})` : 'nothing'
  return `${side(a)} → ${side(b)}`
}

function msText(ms: number): string {
  return formatDuration(ms * nanosPerMs)
}
