// What the event loop of a span's thread did while the span lasted, sample by sample.
import { frameRole, frameRoles, idleTest } from './calls.ts'
import { linksBelow } from './correlation.ts'
import type { Recording } from './schema.ts'
import type { SpanIndex } from './span-index.ts'
import { weighedThreads } from './stack-weights.ts'
import type { WeighedThread } from './stack-weights.ts'

/** It ran the span or one below it, something else, or nothing. */
export type LoopState = 'own' | 'others' | 'idle'

export interface LoopStretch {
  readonly state: LoopState
  /** ns; in order of time, none overlap. */
  readonly from: number
  readonly to: number
  /** Row of `samples`. */
  readonly sample: number
}

/** Of the span's thread; what no sample tells is left out. @param span row of `spans` */
export function loopStretches(recording: Recording, index: SpanIndex, span: number): LoopStretch[] {
  const { samples, spans } = recording
  const [from, to] = [spans.start[span]!, spans.end[span]!]
  const below = linksBelow(recording, index, span)
  const thread = threadOf(recording, index, span, below)
  if (thread === undefined || !(to > from)) return []
  const isIdle = idleTest(recording)
  const stretches: LoopStretch[] = []
  const { order, weights } = thread
  // The sample before may reach into the span.
  for (let i = Math.max(0, firstFrom(recording, order, from) - 1); i < order.length; i++) {
    const sample = order[i]!
    const time = samples.time[sample]!
    if (time >= to) break
    const stretch = { from: Math.max(time, from), to: Math.min(time + weights[i]!, to), sample }
    if (!(stretch.to > stretch.from)) continue
    const stack = samples.stack[sample]!
    const state = isIdle(stack) ? 'idle' : below?.[samples.link[sample]!] === 1 ? 'own' : 'others'
    stretches.push({ state, ...stretch })
  }
  return stretches
}

/** Whether the sampler also tells when nothing runs. Where it doesn't, a gap between samples is all that tells of it. */
export function tellsIdleness(recording: Recording): boolean {
  return frameRoles(recording).includes(frameRole.idle)
}

/** Index of the first of the thread's samples that isn't before a time. */
export function firstFrom({ samples }: Recording, order: Int32Array, time: number): number {
  let from = 0
  let to = order.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (samples.time[order[middle]!]! < time) from = middle + 1
    else to = middle
  }
  return from
}

/** The one that ran the span itself, or most of what is below it; else the main thread. */
function threadOf(
  recording: Recording,
  index: SpanIndex,
  span: number,
  below: Uint8Array | undefined
): WeighedThread | undefined {
  const { samples, spans } = recording
  const ownLink = index.linkOfSpan[span]!
  let found: WeighedThread | undefined
  let most = { own: 0, below: 0 }
  for (const thread of weighedThreads(recording)) {
    const { id, order } = thread
    if (id === 0) found ??= thread
    const seen = { own: 0, below: 0 }
    for (let i = firstFrom(recording, order, spans.start[span]!); below && i < order.length; i++) {
      if (samples.time[order[i]!]! > spans.end[span]!) break
      const link = samples.link[order[i]!]!
      if (below[link] !== 1) continue
      seen.below++
      if (link === ownLink) seen.own++
    }
    const isMore = seen.own > most.own || (seen.own === most.own && seen.below > most.below)
    if (isMore) [found, most] = [thread, seen]
  }
  return found
}
