import { attributeType } from '../recording/schema.ts'
import type { Recording } from '../recording/schema.ts'
import { timingProfiles } from '../recording/threads.ts'
import { timeOfLog } from '../recording/time-range.ts'
import { rowOfText } from '../recording/text-row.ts'
import { isZeroId } from './id-index.ts'
import type { TraceIndex } from './arrange/trace-index.ts'
import type { TraceColumns } from './footer.ts'

/**
 * What the list of traces needs to know of each, from this segment's part of it.
 * @param counted as countedLogs gives it
 * @param head as headSpans gives it
 */
export function buildTraceSummaries(
  recording: Recording,
  traces: TraceIndex,
  counted: Uint8Array,
  head: HeadSpans
): TraceColumns {
  const { length } = traces
  const columns = {
    length,
    id: traces.id,
    ...headTexts(recording, head),
    root: head.root,
    start: new Float64Array(length).fill(NaN),
    duration: new Float64Array(length),
    spans: new Uint32Array(length),
    errors: new Uint32Array(length),
    logs: new Uint32Array(length),
    samples: new Uint32Array(length)
  }
  addSpans(recording, traces, columns)
  addLinked(recording, traces, counted, columns)
  return columns
}

/** By trace: the span that names it, -1 for none, and 1 where that is the root. */
export interface HeadSpans {
  readonly span: Int32Array
  readonly root: Uint8Array
}

/** For each trace its root span, else its earliest; -1 where none is here. */
export function headSpans({ spans }: Recording, traces: TraceIndex): HeadSpans {
  const span = new Int32Array(traces.length).fill(-1)
  const root = new Uint8Array(traces.length)
  for (let row = 0; row < spans.length; row++) {
    const trace = traces.ofSpan[row]!
    if (trace < 0) continue
    const isRoot = isZeroId(spans.parentSpanId, row, 8) ? 1 : 0
    const known = span[trace]!
    if (known >= 0 && isRoot < root[trace]!) continue
    if (known >= 0 && isRoot === root[trace] && !(spans.start[row]! < spans.start[known]!)) continue
    span[trace] = row
    root[trace] = isRoot
  }
  return { span, root }
}

type HeadTexts = Pick<TraceColumns, 'texts' | 'service' | 'name'>

/** The texts are in the order of their first use, services first. */
function headTexts(recording: Recording, { span }: HeadSpans): HeadTexts {
  const { spans, strings } = recording
  const texts = new Map<string, number>()
  const service = new Int32Array(span.length)
  for (let trace = 0; trace < span.length; trace++) {
    const row = span[trace]!
    service[trace] = rowOfText(texts, row < 0 ? '' : serviceOf(recording, spans.resource[row]!))
  }
  const name = new Int32Array(span.length)
  for (let trace = 0; trace < span.length; trace++) {
    const row = span[trace]!
    name[trace] = rowOfText(texts, row < 0 ? '' : strings[spans.name[row]!]!)
  }
  return { texts: [...texts.keys()], service, name }
}

function addSpans({ spans }: Recording, traces: TraceIndex, columns: TraceColumns): void {
  const end = new Float64Array(columns.length).fill(-Infinity)
  for (let row = 0; row < spans.length; row++) {
    const trace = traces.ofSpan[row]!
    if (trace < 0) continue
    columns.spans[trace]!++
    if (spans.statusCode[row] === 2) columns.errors[trace]!++
    columns.start[trace] = earliest(columns.start[trace]!, spans.start[row]!)
    if (spans.end[row]! > end[trace]!) end[trace] = spans.end[row]!
  }
  for (let trace = 0; trace < columns.length; trace++) {
    const duration = end[trace]! - columns.start[trace]!
    if (duration > 0 && duration < Infinity) columns.duration[trace] = duration
  }
}

function addLinked(
  recording: Recording,
  traces: TraceIndex,
  counted: Uint8Array,
  columns: TraceColumns
): void {
  const { logs, samples } = recording
  const timing = timingProfiles(recording)
  for (let row = 0; row < logs.length; row++) {
    const trace = traces.ofLink[logs.link[row]!] ?? -1
    if (trace < 0) continue
    // As in the counts of the segment.
    columns.logs[trace]! += counted[row]!
    if (columns.spans[trace] === 0)
      columns.start[trace] = earliest(columns.start[trace]!, timeOfLog(recording, row))
  }
  for (let row = 0; row < samples.length; row++) {
    const trace = traces.ofLink[samples.link[row]!] ?? -1
    if (trace < 0) continue
    columns.samples[trace]! += timing[samples.profile[row]!] ?? 0
    if (columns.spans[trace] === 0) columns.start[trace] = earliest(columns.start[trace]!, samples.time[row]!)
  }
}

function earliest(known: number, time: number): number {
  return time >= known || Number.isNaN(time) ? known : time
}

function serviceOf({ resources, sets, strings }: Recording, resource: number): string {
  const set = resource < 0 ? 0 : resources.attributes[resource]!
  for (let i = sets.start[set]!; i < sets.start[set + 1]!; i++) {
    if (sets.type[i] === attributeType.string && strings[sets.key[i]!] === 'service.name') {
      return strings[sets.value[i]!]!
    }
  }
  return ''
}
