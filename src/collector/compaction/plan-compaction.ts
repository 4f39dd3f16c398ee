// Which segments of a recording are put together: those of an hour once it is over or there are many, and the hours of a
// day. An hour is over when nothing has come for it for a while; nobody's clock is asked what hour it is.
import type { CompactedLevel, SegmentLevel } from '../store/keys.ts'

/** A segment as far as the plan needs it. */
export interface PlannedSegment {
  id: string
  level: SegmentLevel
  bytes: number
  /** Of all its tables. */
  rows: number
  /** Where its data begins, Unix ms. */
  fromMs: number
  /** When its newest data came to the store, Unix ms. */
  writtenMs: number
}

/** At least one; in the order of their time. */
export interface CompactionBatch<Input extends PlannedSegment> {
  level: CompactedLevel
  inputs: Input[]
}

export interface CompactionLimits {
  /** Sealed segments of an hour that aren't left lying until it is over. */
  sealedSegments: number
  /** An hour is over when nothing has come for it for so long, ms; and a day. */
  hourQuietMs: number
  dayQuietMs: number
  /** What a compacted segment holds at most: it has to fit into memory a few times over. */
  rows: number
  bytes: number
  /** A sealed segment that lies alone in its hour is worth it from so many rows on. */
  loneRows: number
}

export const usualCompactionLimits: CompactionLimits = {
  sealedSegments: 32,
  hourQuietMs: 5 * 60_000,
  dayQuietMs: 2 * 3_600_000,
  rows: 1_000_000,
  bytes: 64 * 1024 * 1024,
  loneRows: 10_000
}

const lengthMs: Record<CompactedLevel, number> = { hour: 3_600_000, day: 86_400_000 }
const ranks: Record<SegmentLevel, number> = { sealed: 0, hour: 1, day: 2 }

/** @param segments those of one recording that count */
export function planCompaction<Input extends PlannedSegment>(
  segments: readonly Input[],
  nowMs: number,
  limits: CompactionLimits
): CompactionBatch<Input>[] {
  const hours = bucketsOf(segments, 'hour')
    .filter(inputs => isHourDue(inputs, nowMs, limits))
    .flatMap(inputs => batchesOf(inputs, 'hour', limits))
  const taken = new Set(hours.flatMap(({ inputs }) => inputs))
  const days = bucketsOf(
    segments.filter(segment => !taken.has(segment)),
    'day'
  )
    .filter(inputs => isQuiet(inputs, nowMs, limits.dayQuietMs))
    .flatMap(inputs => batchesOf(inputs, 'day', limits))
  return [...hours, ...days]
}

/** What may become part of a segment of that level, by the hour or day in which it begins. */
function bucketsOf<Input extends PlannedSegment>(
  segments: readonly Input[],
  level: CompactedLevel
): Input[][] {
  const buckets = new Map<number, Input[]>()
  for (const segment of segments) {
    if (ranks[segment.level] > ranks[level] || !Number.isFinite(segment.fromMs)) continue
    const number = Math.floor(segment.fromMs / lengthMs[level])
    const known = buckets.get(number)
    if (known) known.push(segment)
    else buckets.set(number, [segment])
  }
  return [...buckets.values()]
}

function isHourDue(inputs: readonly PlannedSegment[], nowMs: number, limits: CompactionLimits): boolean {
  const sealed = inputs.filter(({ level }) => level === 'sealed').length
  return sealed >= limits.sealedSegments || isQuiet(inputs, nowMs, limits.hourQuietMs)
}

/** A clock that jumps makes it too early or too late, and nothing worse. */
function isQuiet(inputs: readonly PlannedSegment[], nowMs: number, quietMs: number): boolean {
  return inputs.every(({ writtenMs }) => Math.abs(nowMs - writtenMs) >= quietMs)
}

function batchesOf<Input extends PlannedSegment>(
  inputs: readonly Input[],
  level: CompactedLevel,
  limits: CompactionLimits
): CompactionBatch<Input>[] {
  const batches: Input[][] = [[]]
  let rows = 0
  let bytes = 0
  for (const input of inputs.toSorted((a, b) => a.fromMs - b.fromMs || (a.id < b.id ? -1 : 1))) {
    rows += input.rows
    bytes += input.bytes
    if (batches.at(-1)!.length > 0 && (rows > limits.rows || bytes > limits.bytes)) {
      batches.push([])
      rows = input.rows
      bytes = input.bytes
    }
    batches.at(-1)!.push(input)
  }
  return batches.filter(batch => isWorthIt(batch, level, limits)).map(inputs => ({ level, inputs }))
}

function isWorthIt(
  inputs: readonly PlannedSegment[],
  level: CompactedLevel,
  limits: CompactionLimits
): boolean {
  if (!inputs.some(input => ranks[input.level] < ranks[level])) return false
  return inputs.length > 1 || (level === 'hour' && inputs[0]!.rows >= limits.loneRows)
}
