// Which rows of a recording somebody needs who looks at a stretch of it, and maybe at one trace: with what reaches over the
// edges, so that nothing there looks shorter, or less recorded, than it is.
import { bytesOfHex } from '../base/units.ts'
import { attributeText } from './attributes.ts'
import { idleTest, longestExtension, samplingPeriods, timingSamples } from './calls.ts'
import { firstFrom } from './loop-stretches.ts'
import type { Recording } from './schema.ts'
import { spanNameAttribute } from './start-stacks.ts'
import { listSampledThreads } from './threads.ts'
import { timeOfLog } from './time-range.ts'
import type { TimeRange } from './time-range.ts'

export interface Part {
  readonly range: TimeRange
  /** Its rows are needed whenever they were; 32 hex digits. */
  readonly traceId?: string | undefined
}

/** 1 for each row that is needed. */
export interface NeededRows {
  readonly samples: Uint8Array
  readonly spans: Uint8Array
  readonly logs: Uint8Array
  readonly points: Uint8Array
}

export function rowsWithin(recording: Recording, { range, traceId }: Part): NeededRows {
  const { samples, spans, logs, points, links } = recording
  const isOfTrace = traceFinder(traceId)
  const needed = (length: number, isNeeded: (row: number) => boolean): Uint8Array =>
    new Uint8Array(length).map((_, row) => (isNeeded(row) ? 1 : 0))
  const isIn = (time: number): boolean => time >= range.from && time <= range.to
  const ofTrace = needed(links.length, link => isOfTrace(links.traceId, link))
  const seen = needed(samples.length, row => isIn(samples.time[row]!) || ofTrace[samples.link[row]!] === 1)
  keepCallsAcross(recording, range, seen)
  keepStartsAround(recording, range, seen)
  return {
    samples: seen,
    // One that has no end goes on.
    spans: needed(
      spans.length,
      row =>
        (spans.start[row]! <= range.to && !(spans.end[row]! < range.from)) || isOfTrace(spans.traceId, row)
    ),
    logs: needed(logs.length, row => isIn(timeOfLog(recording, row)) || ofTrace[logs.link[row]!] === 1),
    points: needed(points.length, row => isIn(points.time[row]!))
  }
}

/** Whether the id in a row of a column is that of the trace. */
function traceFinder(traceId: string | undefined): (ids: Uint8Array, row: number) => boolean {
  if (traceId === undefined) return () => false
  const wanted = bytesOfHex(traceId)
  return (ids, row) => ids[row * 16] === wanted[0] && wanted.every((byte, i) => ids[row * 16 + i] === byte)
}

/**
 * The timing samples beyond either edge that saw a call which lies across it, up to the one that saw it no more. In any case
 * the nearest one: a thread without samples looks as if nobody had been sampling it.
 */
function keepCallsAcross(recording: Recording, { from, to }: TimeRange, needed: Uint8Array): void {
  const { samples } = recording
  const isIdle = idleTest(recording)
  for (const { id } of listSampledThreads(recording)) {
    const order = timingSamples(recording, id)
    const periods = samplingPeriods(recording, order)
    const areOneCall = (a: number, b: number): boolean =>
      samples.link[a] === samples.link[b] &&
      !isIdle(samples.stack[a]!) &&
      !isIdle(samples.stack[b]!) &&
      Math.abs(samples.time[b]! - samples.time[a]!) <= longestExtension * periods[samples.profile[a]!]!
    const keepFrom = (inside: number, step: 1 | -1): void => {
      for (let at = inside; order[at + step] !== undefined; at += step) {
        const [sample, next] = [order[at], order[at + step]!]
        needed[next] = 1
        if (sample === undefined || !areOneCall(sample, next)) return
      }
    }
    keepFrom(firstFrom(recording, order, from), -1)
    keepFrom(firstFrom(recording, order, to) - 1, 1)
  }
}

/** Of the stacks that tell where all spans of a name were started the nearest on either side. */
function keepStartsAround(recording: Recording, { from, to }: TimeRange, needed: Uint8Array): void {
  const { samples, profiles, strings } = recording
  const before = new Map<string, number>()
  const behind = new Map<string, number>()
  for (let row = 0; row < samples.length; row++) {
    const time = samples.time[row]!
    if (samples.link[row]! > 0 || strings[profiles.sampleType[samples.profile[row]!]!] !== 'span') continue
    const name = attributeText(recording, samples.attributes[row]!, spanNameAttribute)
    if (name === undefined) continue
    const known = (time < from ? before : behind).get(name)
    if (time < from && (known === undefined || time > samples.time[known]!)) before.set(name, row)
    if (time > to && (known === undefined || time < samples.time[known]!)) behind.set(name, row)
  }
  for (const row of [...before.values(), ...behind.values()]) needed[row] = 1
}
