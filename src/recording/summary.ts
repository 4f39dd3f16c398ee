// What a recording comes to in numbers: its functions by time, its spans, its logs by level. One way of counting for
// everything that prints: timing samples only, idle ones included in counts but no function; a gap between two samples
// counts for the first one, up to three intervals; recursion counts once; logs are unique by uid, and the recorder's own
// entries are none.
import { nanosPerMs } from '../base/units.ts'
import type { Lines } from './call-nodes.ts'
import { frameRole, frameRoles, timingSamples } from './calls.ts'
import { spanIdAt, traceIdAt } from './ids.ts'
import { buildLogEntries, countLevels } from './log-entries.ts'
import type { LogLevel } from './log-entries.ts'
import type { Recording } from './schema.ts'
import { sumStacks, weighedThreads } from './stack-weights.ts'
import { listSampledThreads } from './threads.ts'
import type { TimeRange } from './time-range.ts'
import type { WeighedStacks } from './weighed-paths.ts'

export interface FunctionSummary {
  name: string
  file: string
  line: number
  /** Time in itself. */
  selfMs: number
  /** … and in what it called. */
  totalMs: number
  /** Samples that saw it anywhere on the stack. */
  samples: number
}

export interface SpanSummary {
  name: string
  traceId: string
  spanId: string
  durationMs: number
  error: boolean
  /** Its own, not its children's. */
  samples: number
}

/**
 * Most time in itself first. Frames that differ in their column only are one function.
 * @param range samples of it alone; undefined is all
 */
export function summarizeFunctions(
  recording: Recording,
  lines: Lines = 'apart',
  range?: TimeRange
): FunctionSummary[] {
  if (recording.samples.length === 0) return []
  return summarizeStacks(
    { recording, weights: sumStacks(recording, weighedThreads(recording), range) },
    lines
  )
}

/** The same of stacks that were weighed already; what is hidden counts as time of its callers. */
export function summarizeStacks(
  { recording, weights: { weight, count }, hidden }: WeighedStacks,
  lines: Lines = 'apart'
): FunctionSummary[] {
  const { frames, strings, stacks } = recording
  const functionOfFrame = new Int32Array(frames.length).fill(-1)
  const functions: FunctionSummary[] = []
  const known = new Map<string, number>()
  const roles = frameRoles(recording)
  for (let frame = 0; frame < frames.length; frame++) {
    if (roles[frame] === frameRole.root || roles[frame] === frameRole.idle || hidden?.[frame]) continue
    const key = `${frames.name[frame]} ${frames.url[frame]} ${lines === 'apart' ? frames.line[frame] : ''}`
    let row = known.get(key)
    if (row === undefined) {
      const name = strings[frames.name[frame]!] || '(anonymous)'
      const file = strings[frames.url[frame]!]!
      row = functions.push({ name, file, line: frames.line[frame]!, selfMs: 0, totalMs: 0, samples: 0 }) - 1
      known.set(key, row)
    }
    functionOfFrame[frame] = row
  }
  const seenBy = new Int32Array(functions.length).fill(-1)
  for (let stack = 0; stack < stacks.length; stack++) {
    if (count[stack] === 0) continue
    const ms = weight[stack]! / nanosPerMs
    let innermost = stack
    while (innermost >= 0 && hidden?.[stacks.frame[innermost]!]) innermost = stacks.parent[innermost]!
    const leaf = functions[functionOfFrame[stacks.frame[innermost]!]!]
    if (leaf) leaf.selfMs += ms
    for (let at = stack; at >= 0; at = stacks.parent[at]!) {
      const row = functionOfFrame[stacks.frame[at]!]!
      if (row < 0 || seenBy[row] === stack) continue
      seenBy[row] = stack
      functions[row]!.totalMs += ms
      functions[row]!.samples += count[stack]!
    }
  }
  return functions
    .filter(entry => entry.samples > 0)
    .sort((a, b) => b.selfMs - a.selfMs || b.totalMs - a.totalMs)
}

/** In the order in which they started. */
export function summarizeSpans(recording: Recording): SpanSummary[] {
  const { spans, strings } = recording
  const samples = samplesBySpan(recording)
  const order = Array.from({ length: spans.length }, (_, row) => row)
  order.sort((a, b) => spans.start[a]! - spans.start[b]!)
  return order.map(row => {
    const traceId = traceIdAt(spans.traceId, row)
    const spanId = spanIdAt(spans.spanId, row)
    const duration = spans.end[row]! - spans.start[row]!
    return {
      name: strings[spans.name[row]!]!,
      traceId,
      spanId,
      durationMs: duration > 0 ? duration / nanosPerMs : 0,
      error: spans.statusCode[row] === 2,
      samples: samples.get(traceId + spanId) ?? 0
    }
  })
}

function samplesBySpan(recording: Recording): Map<string, number> {
  const { links, samples } = recording
  const counts = new Uint32Array(links.length)
  for (const thread of listSampledThreads(recording)) {
    for (const row of timingSamples(recording, thread.id))
      if (samples.link[row]! >= 0) counts[samples.link[row]!]!++
  }
  const bySpan = new Map<string, number>()
  for (let link = 0; link < links.length; link++) {
    const count = counts[link]!
    if (count > 0) bySpan.set(traceIdAt(links.traceId, link) + spanIdAt(links.spanId, link), count)
  }
  return bySpan
}

export function countLogLevels(recording: Recording): Record<LogLevel, number> {
  return countLevels(buildLogEntries(recording))
}
