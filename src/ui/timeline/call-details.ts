// What the popup of a call tells: the call itself, calls like it (same function, same caller), and what is unusual.
import type { Calls } from '../../recording/calls.ts'
import { frameLink, frameName, framePackage, framePlace } from '../../recording/frame-names.ts'
import type { Recording } from '../../recording/schema.ts'
import { statusAt, statusMean } from '../../recording/statuses.ts'
import type { StatusCurve, StatusName } from '../../recording/statuses.ts'
import type { TimeRange } from '../../recording/time-range.ts'

export interface SimilarCall {
  readonly call: number
  readonly start: number
  readonly duration: number
  /** Of the longest. */
  readonly share: number
  /** Much longer than the average. */
  readonly anomaly: boolean
}

export interface CallDetails {
  readonly name: string
  readonly place: string
  readonly link: string | undefined
  /** With its version; '' unknown. */
  readonly packageName: string
  /** '' at depth 0. */
  readonly caller: string
  readonly start: number
  readonly duration: number
  readonly samples: number
  /** Of the recording's duration. */
  readonly share: number
  readonly anomaly: boolean
  readonly total: number
  readonly count: number
  readonly average: number
  /** The longest, and the call itself. */
  readonly similar: readonly SimilarCall[]
  /** Means over the call, where statuses were recorded in it. */
  readonly cpu: number | undefined
  readonly modulesLoaded: number
}

const mostSimilar = 12

export function buildCallDetails(
  recording: Recording,
  calls: Calls,
  call: number,
  extent: TimeRange,
  statuses: Readonly<Record<StatusName, StatusCurve>>
): CallDetails {
  const frame = calls.frame[call]!
  const parent = calls.parent[call]!
  const duration = durationOf(calls, call)
  const alike = similarCalls(calls, call)
  const total = alike.reduce((sum, other) => sum + durationOf(calls, other), 0)
  const average = total / alike.length
  const ranked = alike.sort((a, b) => durationOf(calls, b) - durationOf(calls, a))
  const longest = Math.max(1, durationOf(calls, ranked[0]!))
  const listed = ranked.slice(0, mostSimilar)
  if (!listed.includes(call)) listed[Math.min(listed.length, mostSimilar - 1)] = call
  const [from, to] = [calls.start[call]!, calls.end[call]!]
  return {
    name: frameName(recording, frame),
    place: framePlace(recording, frame),
    link: frameLink(recording, frame),
    packageName: framePackage(recording, frame),
    caller: parent < 0 ? '' : frameName(recording, calls.frame[parent]!),
    start: from,
    duration,
    samples: calls.samples[call]!,
    share: duration / (extent.to - extent.from),
    anomaly: isAnomaly(duration, average),
    total,
    count: alike.length,
    average,
    similar: listed.map(other => ({
      call: other,
      start: calls.start[other]!,
      duration: durationOf(calls, other),
      share: durationOf(calls, other) / longest,
      anomaly: isAnomaly(durationOf(calls, other), average)
    })),
    cpu: statusMean(statuses.cpu, from, to),
    modulesLoaded: Math.max(
      0,
      (statusAt(statuses.modules, to) ?? 0) - (statusAt(statuses.modules, from) ?? 0)
    )
  }
}

/** Calls of the same function by the same function. One within another counts once: its time is the other's, too. */
export function similarCalls(calls: Calls, call: number): number[] {
  const frame = calls.frame[call]!
  const caller = callerFrame(calls, call)
  const inside = new Uint8Array(calls.length)
  const alike: number[] = []
  for (let other = 0; other < calls.length; other++) {
    const parent = calls.parent[other]!
    const isInside = parent >= 0 && inside[parent] === 1
    const isAlike = calls.frame[other] === frame && callerFrame(calls, other) === caller
    inside[other] = isInside || isAlike ? 1 : 0
    if (isAlike && !isInside) alike.push(other)
  }
  return alike
}

/** Microlog's rule: more than 0.1 s and more than 30 % above the average. */
export function isAnomaly(duration: number, average: number): boolean {
  return duration - average > 1e8 && duration > average * 1.3
}

function callerFrame(calls: Calls, call: number): number {
  const parent = calls.parent[call]!
  return parent < 0 ? -1 : calls.frame[parent]!
}

function durationOf(calls: Calls, call: number): number {
  return calls.end[call]! - calls.start[call]!
}

/** '12.5 %', '0.31 %', '< 0.01 %' */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 0.01) return '< 0.01 %'
  return `${percent.toFixed(percent < 9.95 ? 2 : 1)} %`
}
