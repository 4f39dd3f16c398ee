// From one thing that a search found to the next in order of time: outermost calls, spans and logs.
import { formatCount } from '../../base/units.ts'
import type { Calls } from '../../recording/calls.ts'
import { frameOwner } from '../../recording/frame-names.ts'
import type { Recording } from '../../recording/schema.ts'
import { countOf } from '../data/count-of.ts'

export interface ThreadCalls {
  readonly id: number
  readonly calls: Calls
}
export interface FoundCall {
  readonly thread: number
  readonly call: number
}

/** Rows of `spans` and of the logs. */
export type Found = FoundCall | { readonly span: number } | { readonly log: number }

/** Calls that match and whose callers don't. */
export function findCalls(threads: readonly ThreadCalls[], matches: Uint8Array): FoundCall[] {
  return threads.flatMap(({ id, calls }) => {
    const inside = new Uint8Array(calls.length)
    const found: FoundCall[] = []
    for (let call = 0; call < calls.length; call++) {
      const parent = calls.parent[call]!
      const isInside = parent >= 0 && inside[parent] === 1
      const isMatch = matches[calls.frame[call]!] === 1
      inside[call] = isInside || isMatch ? 1 : 0
      if (isMatch && !isInside) found.push({ thread: id, call })
    }
    return found
  })
}

/** By frame: what matches, without the recorder's own functions: nobody looks for those, and they run all the time. */
export function programMatches(recording: Recording, matches: Uint8Array): Uint8Array {
  return matches.map((match, frame) => (frameOwner(recording, frame) === 'microlog' ? 0 : match))
}

/** By time; at one time in the order given. */
export function sortFound(found: readonly Found[], timeOf: (match: Found) => number): Found[] {
  return found
    .map(match => ({ match, time: timeOf(match) }))
    .sort((a, b) => a.time - b.time)
    .map(({ match }) => match)
}

/** '1 of 28 · 0 calls, 0 spans, 28 logs'; without a place, at -1, the counts alone. */
export function describeFound(found: readonly Found[], at: number): string {
  const logs = found.filter(match => 'log' in match).length
  const spans = found.filter(match => 'span' in match).length
  const counts = [
    countOf(found.length - spans - logs, 'call'),
    countOf(spans, 'span'),
    countOf(logs, 'log')
  ].join(', ')
  return at < 0 ? counts : `${formatCount(at + 1)} of ${formatCount(found.length)} · ${counts}`
}

/** The index after (step 1) or before (-1) the current one, around the ends; the first or last where none is current, at -1. */
export function stepMatch(count: number, at: number, step: 1 | -1): number {
  if (at >= 0) return (at + step + count) % count
  return step === 1 ? 0 : count - 1
}
