// Why the selected span has stacks, or has none: an empty flame chart never stands without its reason.
import type { TracePart } from './trace-model.ts'
import { listSampledThreads, timingProfiles } from '../../recording/threads.ts'

export type ProfileState =
  | {
      kind: 'recorded'
      /** Taken in the span itself. */
      samples: number
      /** Taken in its descendants in the same process. */
      below: number
      /** Threads by id that saw the span, the one that saw most first. */
      threads: readonly number[]
      /** By link: 1 for the span and its descendants. */
      links: Uint8Array
    }
  | { kind: 'not-profiled' }
  | { kind: 'profiler-off' }
  | { kind: 'too-short'; intervalNs: number }
  /** The process was sampled meanwhile, but never while this span ran: it waited. */
  | { kind: 'waited'; idle: number; busy: number }

/** @param below rows of `spans` of its descendants in the same recording */
export function profileStateOf(part: TracePart, span: number, below: readonly number[]): ProfileState {
  const { recording, index } = part
  const { samples, profiles, spans, threads, links } = recording
  const shown = new Uint8Array(links.length)
  for (const row of [span, ...below]) {
    const link = index.linkOfSpan[row]!
    if (link > 0) shown[link] = 1
  }
  const timing = timingProfiles(recording)
  const own = index.linkOfSpan[span]!
  const counts = new Map<number, number>()
  let ownSamples = 0
  let allSamples = 0
  for (let row = 0; row < samples.length; row++) {
    const link = samples.link[row]!
    const profile = samples.profile[row]!
    if (!shown[link] || !timing[profile]) continue
    allSamples++
    if (link === own) ownSamples++
    const thread = profiles.thread[profile]!
    const id = thread < 0 ? 0 : threads.id[thread]!
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  if (allSamples > 0) {
    const order = [...counts].sort((a, b) => b[1] - a[1]).map(([id]) => id)
    return {
      kind: 'recorded',
      samples: ownSamples,
      below: allSamples - ownSamples,
      threads: order,
      links: shown
    }
  }
  if (listSampledThreads(recording).length === 0) return { kind: 'not-profiled' }
  const during = samplesDuring(part, spans.start[span]!, spans.end[span]!)
  const interval = shortestInterval(part)
  if (during.idle + during.busy > 0) return { kind: 'waited', ...during }
  if (spans.end[span]! - spans.start[span]! < interval) return { kind: 'too-short', intervalNs: interval }
  return { kind: 'profiler-off' }
}

function samplesDuring({ recording }: TracePart, from: number, to: number): { idle: number; busy: number } {
  const { samples, stacks, frames, strings } = recording
  const timing = timingProfiles(recording)
  let idle = 0
  let busy = 0
  for (let row = 0; row < samples.length; row++) {
    if (!timing[samples.profile[row]!] || samples.time[row]! < from || samples.time[row]! > to) continue
    const stack = samples.stack[row]!
    if (stack >= 0 && strings[frames.name[stacks.frame[stack]!]!] === '(idle)') idle++
    else busy++
  }
  return { idle, busy }
}

function shortestInterval({ recording: { profiles }, recording }: TracePart): number {
  const timing = timingProfiles(recording)
  let shortest = Infinity
  for (let row = 0; row < profiles.length; row++) {
    if (timing[row] && profiles.period[row]! > 0) shortest = Math.min(shortest, profiles.period[row]!)
  }
  return Number.isFinite(shortest) ? shortest : 0
}
