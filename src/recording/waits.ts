// Where a span waited: no sampler sees a wait, so this says what is known about it. A child span that ran meanwhile names
// the call that was waited for; else the function that went on afterwards, else the one that was seen last.
import { linksBelow } from './correlation.ts'
import { frameOwner } from './frame-names.ts'
import { stackFrames } from './log-entries.ts'
import { firstFrom, loopStretches, tellsIdleness } from './loop-stretches.ts'
import type { Recording } from './schema.ts'
import type { SpanIndex } from './span-index.ts'
import { weighedThreads } from './stack-weights.ts'
import { startStacksOf } from './start-stacks.ts'

/** How the place of a wait is known; the later ones say less. */
export type WaitEvidence = 'child span' | 'resumed in' | 'last seen in' | 'unknown'

export interface Wait {
  /** Of all waits at this place together, in ns. */
  readonly duration: number
  readonly count: number
  /** ns of it in which the event loop ran something else: what was waited for may have been there earlier. */
  readonly held: number
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
  const { samples, spans } = recording
  const whole = { from: spans.start[span]!, to: spans.end[span]! }
  const seen = samplesBelow(recording, index, span)
  const reaches = seen.map(row => reachOf(recording, row))
  const shortest = reaches.reduce((longest, reach) => Math.max(longest, 4 * reach), shortestNs)
  const busy = seen.map((row, i) => ({
    from: samples.time[row]! - reaches[i]!,
    to: samples.time[row]! + reaches[i]!
  }))
  const loop = loopStretches(recording, index, span)
  const held = buildOverlaps(loop.filter(({ state }) => state === 'others'))
  // Where the sampler tells of idleness, too, a time that it tells nothing of isn't known to be a wait.
  const told = tellsIdleness(recording) ? buildOverlaps(loop) : ({ from, to }: Stretch) => to - from
  const started = startStacksOf(recording)
  const covers = coversOf(recording, childrenOf(index, span))
  const waits = new Map<string, Wait>()
  const add = (
    wait: Pick<Wait, 'evidence' | 'child' | 'frame'>,
    stretch: Stretch,
    duration = stretch.to - stretch.from
  ): void => {
    const key = `${wait.evidence} ${wait.child} ${wait.frame}`
    const known = waits.get(key)
    waits.set(key, {
      ...wait,
      duration: (known?.duration ?? 0) + duration,
      held: (known?.held ?? 0) + held(stretch),
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
      const duration = told(part)
      if (duration < shortest) continue
      while (resumed < seen.length && samples.time[seen[resumed]!]! < part.to) resumed++
      add(placeOf(recording, seen, resumed), part, duration)
    }
  }
  return [...waits.values()].sort((a, b) => b.duration - a.duration)
}

/** Timing samples of the span and those below it in all threads, in order of time: while it lasted, and right after. */
function samplesBelow(recording: Recording, index: SpanIndex, span: number): number[] {
  const { samples, spans } = recording
  const below = linksBelow(recording, index, span)
  const rows: number[] = []
  if (below === undefined) return rows
  for (const { order } of weighedThreads(recording)) {
    for (let i = firstFrom(recording, order, spans.start[span]!); i < order.length; i++) {
      const row = order[i]!
      if (below[samples.link[row]!] === 1) rows.push(row)
      if (samples.time[row]! > spans.end[span]!) break
    }
  }
  return rows.sort((a, b) => samples.time[a]! - samples.time[b]!)
}

function reachOf({ samples, profiles }: Recording, row: number): number {
  return profiles.period[samples.profile[row]!]! * reachOfSample
}

/** How much of any stretch is in these, which are in order of time and don't overlap. */
function buildOverlaps(stretches: readonly Stretch[]): (stretch: Stretch) => number {
  const before = new Float64Array(stretches.length + 1)
  stretches.forEach(({ from, to }, i) => (before[i + 1] = before[i]! + to - from))
  /** ns of these up to a time. */
  const until = (time: number): number => {
    let low = 0
    let high = stretches.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (stretches[middle]!.to <= time) low = middle + 1
      else high = middle
    }
    return before[low]! + Math.max(0, time - (stretches[low]?.from ?? time))
  }
  return ({ from, to }) => until(to) - until(from)
}

function childrenOf({ parentOf }: SpanIndex, span: number): number[] {
  const rows: number[] = []
  for (let row = 0; row < parentOf.length; row++) if (parentOf[row] === span) rows.push(row)
  return rows
}

/** Children side by side are waited for together: the first one stands for all. In order of time, none overlap. */
function coversOf({ spans }: Recording, children: readonly number[]): (Stretch & { child: number })[] {
  let coveredTo = -Infinity
  const ordered = children.toSorted((a, b) => spans.start[a]! - spans.start[b]!)
  return ordered.flatMap(child => {
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
): Pick<Wait, 'evidence' | 'child' | 'frame'> {
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
  return stackFrames(recording, stack).filter(
    frame => strings[frames.url[frame]!] !== '' && frameOwner(recording, frame) === ''
  )
}
