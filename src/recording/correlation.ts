// What belongs to what: the samples, calls and logs of a span, and the spans and logs of a function.
import type { Calls } from './calls.ts'
import { linkSpanIds } from './ids.ts'
import { stackFrames } from './log-entries.ts'
import type { LogEntry } from './log-entries.ts'
import type { Recording } from './schema.ts'
import type { SpanIndex } from './span-index.ts'
import { timingProfiles } from './threads.ts'
import { isWithin } from './time-range.ts'
import type { TimeRange } from './time-range.ts'

/** By link: 1 where it means the span or one below it; undefined where nothing refers to any span here. */
export function linksBelow(recording: Recording, index: SpanIndex, span: number): Uint8Array | undefined {
  const { spans } = recording
  if (span < 0 || !index.spanOfLink.some(row => row >= 0)) return undefined
  // 0 while nobody knows, 1 for those below, 2 for the others.
  const known = new Uint8Array(spans.length)
  known[span] = 1
  const isBelow = (row: number): number => {
    const path: number[] = []
    let at = row
    for (; at >= 0 && known[at] === 0; at = index.parentOf[at]!) {
      path.push(at)
    }
    const answer = at < 0 ? 2 : known[at]!
    for (const passed of path) known[passed] = answer
    return answer
  }
  const below = new Uint8Array(index.spanOfLink.length)
  index.spanOfLink.forEach((row, link) => {
    if (row >= 0 && isBelow(row) === 1) below[link] = 1
  })
  return below
}

/** Timing samples taken while the span was active, its children's left out. */
export function samplesOfLink(recording: Recording, link: number): number[] {
  const { samples } = recording
  const timing = timingProfiles(recording)
  const rows: number[] = []
  if (link <= 0) return rows
  for (let row = 0; row < samples.length; row++) {
    if (samples.link[row] === link && timing[samples.profile[row]!]) rows.push(row)
  }
  return rows
}

export function logsOfSpan(entries: readonly LogEntry[], spanId: string): LogEntry[] {
  return spanId === '' ? [] : entries.filter(entry => entry.spanId === spanId)
}

/** Logs written while a call ran, by the call or what it called: same thread, same span, and its frame on their stack. */
export function logsOfCall(
  recording: Recording,
  entries: readonly LogEntry[],
  calls: Calls,
  call: number,
  threadId: number
): LogEntry[] {
  const spanIds = linkSpanIds(recording)
  const spanId = spanIds[calls.link[call]!] ?? ''
  const isOn = functionsOnStack(recording, [calls.frame[call]!])
  return entries.filter(
    entry =>
      entry.time >= calls.start[call]! &&
      entry.time < calls.end[call]! &&
      entry.thread === threadId &&
      (spanId === '' || entry.spanId === '' || entry.spanId === spanId) &&
      (entry.stack < 0 || isOn(entry.stack))
  )
}

/**
 * Spans during which one of the functions was seen on the stack, with the number of samples that saw any.
 * @param range samples before its end; undefined is all of them
 */
export function spansOfFrames(
  recording: Recording,
  frames: readonly number[],
  range?: TimeRange
): { link: number; samples: number }[] {
  const { samples, stacks } = recording
  const holds = stacksHolding(recording, frames)
  const timing = timingProfiles(recording)
  const counts = new Map<number, number>()
  for (let row = 0; row < samples.length; row++) {
    const link = samples.link[row]!
    const stack = samples.stack[row]!
    if (link <= 0 || stack < 0 || stack >= stacks.length || !holds[stack] || !timing[samples.profile[row]!])
      continue
    if (range && !isWithin(samples.time[row]!, range)) continue
    counts.set(link, (counts.get(link) ?? 0) + 1)
  }
  return [...counts].map(([link, count]) => ({ link, samples: count })).sort((a, b) => b.samples - a.samples)
}

/** Logs that the functions, or what they called, wrote. */
export function logsOfFrames(
  recording: Recording,
  entries: readonly LogEntry[],
  frames: readonly number[]
): LogEntry[] {
  const isOn = functionsOnStack(recording, frames)
  return entries.filter(entry => entry.stack >= 0 && isOn(entry.stack))
}

/** 1 for each stack that one of the frames is on. */
export function stacksHolding(recording: Recording, frames: readonly number[]): Uint8Array {
  const { stacks } = recording
  const wanted = new Uint8Array(recording.frames.length)
  for (const frame of frames) wanted[frame] = 1
  const holds = new Uint8Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const up = stacks.parent[stack]!
    if (wanted[stacks.frame[stack]!] || (up >= 0 && holds[up])) holds[stack] = 1
  }
  return holds
}

/** Log stacks name the line of the call, the sampler the line of the function: name and file tell they are one. */
function functionsOnStack(recording: Recording, frames: readonly number[]): (stack: number) => boolean {
  const keyOf = (frame: number): string =>
    `${recording.frames.url[frame]} ${lastNamePart(recording.strings[recording.frames.name[frame]!]!)}`
  const keys = new Set(frames.map(keyOf))
  return stack => stackFrames(recording, stack).some(frame => keys.has(keyOf(frame)))
}

/** 'load' of 'Store.load': captured stacks name the receiver, the sampler doesn't. */
function lastNamePart(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
