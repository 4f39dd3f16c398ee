// Two runs of a program, by the names of their spans: how many, how long, how many failed.
import type { Recording } from './schema.ts'
import { summarizeSpans } from './summary.ts'
import type { SpanSummary } from './summary.ts'

export interface SpanTimes {
  count: number
  /** 0 where there is none. */
  medianMs: number
  /** Nineteen of twenty took no longer. */
  p95Ms: number
  errors: number
}

export interface SpanDiff {
  name: string
  a: SpanTimes
  b: SpanTimes
  /** B less A. */
  difference: SpanTimes
}

/** The largest change of the median first. */
export function diffSpans(a: readonly Recording[], b: readonly Recording[]): SpanDiff[] {
  const sides = { a: spansByName(a), b: spansByName(b) }
  const names = [...new Set([...sides.b.keys(), ...sides.a.keys()])]
  const spans = names.map((name): SpanDiff => {
    const times = { a: timesOf(sides.a.get(name)), b: timesOf(sides.b.get(name)) }
    return {
      name,
      ...times,
      difference: {
        count: times.b.count - times.a.count,
        medianMs: times.b.medianMs - times.a.medianMs,
        p95Ms: times.b.p95Ms - times.a.p95Ms,
        errors: times.b.errors - times.a.errors
      }
    }
  })
  return spans.sort(
    ({ difference: a }, { difference: b }) =>
      Math.abs(b.medianMs) - Math.abs(a.medianMs) ||
      Math.abs(b.p95Ms) - Math.abs(a.p95Ms) ||
      Math.abs(b.errors) - Math.abs(a.errors) ||
      Math.abs(b.count) - Math.abs(a.count)
  )
}

/** Those that differ in anything. */
export function changedSpans(spans: readonly SpanDiff[]): SpanDiff[] {
  return spans.filter(({ difference }) => Object.values(difference).some(change => change !== 0))
}

function spansByName(recordings: readonly Recording[]): Map<string, SpanSummary[]> {
  const byName = new Map<string, SpanSummary[]>()
  for (const recording of recordings) {
    for (const span of summarizeSpans(recording)) {
      const known = byName.get(span.name)
      if (known) known.push(span)
      else byName.set(span.name, [span])
    }
  }
  return byName
}

function timesOf(spans: readonly SpanSummary[] = []): SpanTimes {
  const durations = Float64Array.from(spans, ({ durationMs }) => durationMs).sort()
  return {
    count: spans.length,
    medianMs: quantile(durations, 0.5),
    p95Ms: quantile(durations, 0.95),
    errors: spans.filter(({ error }) => error).length
  }
}

/** The smallest value that at least this share of the ascending ones doesn't exceed; 0 of none. */
function quantile(ascending: Float64Array, share: number): number {
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? 0
}
