// Where a span waited: no sampler sees a wait, so this says what is known about it. A child span that ran meanwhile names
// the call that was waited for; else the function that went on afterwards, else the one that was seen last.
import { linksBelow, type SpanIndex } from './correlation.ts'
import { packageOf } from './frame-names.ts'
import { spanIdAt } from './ids.ts'
import { stackFrames } from './log-entries.ts'
import type { Recording } from './schema.ts'
import { buildStartStacks } from './start-stacks.ts'
import { timingProfiles } from './threads.ts'

/** How the place of a wait is known; the later ones say less. */
export type WaitEvidence = 'child span' | 'resumed in' | 'last seen in' | 'unknown'

export interface Wait {
  /** Of all waits at this place together, in ns. */
  readonly duration: number
  readonly count: number
  readonly evidence: WaitEvidence
  /** Row of `spans` of the child; -1 otherwise. */
  readonly child: number
  /** Row of `frames`: the place; -1 where it isn't known. */
  readonly frame: number
}

interface Stretch {
  from: number
  to: number
}

/** Waits shorter than this say nothing: the sampler's ticks are as far apart. */
const shortestNs = 1e6
/** Half of a sampling interval on either side of a sample, its span is held to have run. */
const reachOfSample = 0.5

/** The waits of a span, the longest first; those at one place are one. */
export function waitsOfSpan(recording: Recording, index: SpanIndex, span: number): Wait[] {
  const { spans } = recording
  const whole = { from: spans.start[span]!, to: spans.end[span]! }
  const seen = samplesBelow(recording, index, span)
  const reaches = seen.map(row => reachOf(recording, row))
  const shortest = reaches.reduce((longest, reach) => Math.max(longest, 4 * reach), shortestNs)
  const busy = seen.map((row, i) => ({
    from: recording.samples.time[row]! - reaches[i]!,
    to: recording.samples.time[row]! + reaches[i]!
  }))
  const started = buildStartStacks(recording, index)
  const covers = coversOf(recording, childrenOf(recording, index, span))
  const waits = new Map<string, Wait>()
  const add = (wait: Omit<Wait, 'duration' | 'count'>, { from, to }: Stretch): void => {
    const key = `${wait.evidence} ${wait.child} ${wait.frame}`
    const known = waits.get(key)
    waits.set(key, {
      ...wait,
      duration: (known?.duration ?? 0) + to - from,
      count: (known?.count ?? 0) + 1
    })
  }
  // Gaps, covers and samples are in order of time: each is passed once.
  let cover = 0
  let resumed = 0
  for (const gap of gapsIn(whole, busy)) {
    if (gap.to - gap.from < shortest) continue
    while (cover < covers.length && covers[cover]!.to <= gap.from) cover++
    const covered: Stretch[] = []
    for (let at = cover; at < covers.length && covers[at]!.from < gap.to; at++) {
      const { child, from, to } = covers[at]!
      const part = { from: Math.max(gap.from, from), to: Math.min(gap.to, to) }
      covered.push(part)
      add({ evidence: 'child span', child, frame: lineOf(recording, started.of(child).stack) }, part)
    }
    for (const part of gapsIn(gap, covered)) {
      if (part.to - part.from < shortest) continue
      while (resumed < seen.length && recording.samples.time[seen[resumed]!]! < part.to) resumed++
      add(placeOf(recording, seen, resumed), part)
    }
  }
  return [...waits.values()].sort((a, b) => b.duration - a.duration)
}

/** Timing samples of the span and those below it, in order of time. */
function samplesBelow(recording: Recording, index: SpanIndex, span: number): number[] {
  const { samples } = recording
  const below = linksBelow(recording, index, span)
  const timing = timingProfiles(recording)
  const rows: number[] = []
  for (let row = 0; below !== undefined && row < samples.length; row++) {
    if (below[samples.link[row]!] === 1 && timing[samples.profile[row]!]) rows.push(row)
  }
  return rows.sort((a, b) => samples.time[a]! - samples.time[b]!)
}

function reachOf({ samples, profiles }: Recording, row: number): number {
  return profiles.period[samples.profile[row]!]! * reachOfSample
}

function childrenOf(recording: Recording, index: SpanIndex, span: number): number[] {
  const { spans } = recording
  const id = spanIdAt(spans.spanId, span)
  const rows: number[] = []
  for (let row = 0; row < spans.length; row++) {
    if (row !== span && spanIdAt(spans.parentSpanId, row) === id && index.rowOf(id) === span) rows.push(row)
  }
  return rows.sort((a, b) => spans.start[a]! - spans.start[b]!)
}

/** Children side by side are waited for together: the first one stands for all. In order of time, none overlap. */
function coversOf({ spans }: Recording, children: readonly number[]): (Stretch & { child: number })[] {
  let coveredTo = -Infinity
  return children.flatMap(child => {
    const from = Math.max(coveredTo, spans.start[child]!)
    const to = spans.end[child]!
    if (!(to > from)) return []
    coveredTo = to
    return [{ child, from, to }]
  })
}

/** What the stretches, in any order, leave of the whole. */
function gapsIn(whole: Stretch, stretches: readonly Stretch[]): Stretch[] {
  const gaps: Stretch[] = []
  let at = whole.from
  for (const { from, to } of stretches.toSorted((a, b) => a.from - b.from)) {
    if (from > at) gaps.push({ from: at, to: Math.min(from, whole.to) })
    at = Math.max(at, to)
    if (at >= whole.to) break
  }
  if (at < whole.to) gaps.push({ from: at, to: whole.to })
  return gaps.filter(({ from, to }) => to > from)
}

/** @param at index in `seen` of the first sample after the wait */
function placeOf(
  recording: Recording,
  seen: readonly number[],
  at: number
): Omit<Wait, 'duration' | 'count'> {
  const { samples } = recording
  const next = seen[at]
  // What goes on after a wait begins a stack anew: its outermost function is the one that waited.
  const resumed = next === undefined ? -1 : (ownFrames(recording, samples.stack[next]!).at(-1) ?? -1)
  if (resumed >= 0) return { evidence: 'resumed in', child: -1, frame: resumed }
  const before = seen[at - 1]
  const last = before === undefined ? -1 : lineOf(recording, samples.stack[before]!)
  return { evidence: last >= 0 ? 'last seen in' : 'unknown', child: -1, frame: last }
}

/** The innermost line of the program's own on a stack; -1 where there is none. */
function lineOf(recording: Recording, stack: number): number {
  return ownFrames(recording, stack)[0] ?? -1
}

/** Frames of the program itself, innermost first. */
function ownFrames(recording: Recording, stack: number): number[] {
  if (stack < 0) return []
  const { frames, strings } = recording
  return stackFrames(recording, stack).filter(frame => {
    const url = strings[frames.url[frame]!]!
    return url !== '' && packageOf(url) === ''
  })
}
