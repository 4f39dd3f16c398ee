// Encoded every few seconds: below here, whatever walks through rows is a loop in a function of a module, which stays
// compiled (docs/decisions/0019-loops-in-modules.md).
import { httpPath } from '../recording/http-path.ts'
import { countedLogs } from '../recording/log-entries.ts'
import type { Recording } from '../recording/schema.ts'
import { recordedRange } from '../recording/time-range.ts'
import { arrangeRecording } from './arrange/arrange-recording.ts'
import { buildTraceIndex } from './arrange/trace-index.ts'
import type { Codec } from './codec.ts'
import { encodeBlocks, encodePaths, encodeRollups } from './encode/blocks.ts'
import { assembleSegment } from './encode/segment.ts'
import type { EncodedBlock } from './encode/segment.ts'
import { formatVersion } from './layout.ts'
import { countSegment } from './segment-counts.ts'
import type { SegmentMeta } from './segment-meta.ts'
import { buildTraceSummaries, headSpans } from './trace-summaries.ts'

export interface EncodeOptions {
  /** Adds what a large segment tells of itself in short; see RecordingFile.readStackCounts and readStatusRollup. */
  readonly rollups?: boolean
}

/** One segment with all of the recording; its rows may come back in another order, and mean the same. */
export async function encodeRecording(
  recording: Recording,
  meta: SegmentMeta,
  codec: Codec,
  { rollups = false }: EncodeOptions = {}
): Promise<Uint8Array<ArrayBuffer>> {
  const arranged = arrangeRecording(recording)
  const traceIndex = buildTraceIndex(arranged.recording)
  const counted = countedLogs(arranged.recording)
  const heads = headSpans(arranged.recording, traceIndex)
  const traces = buildTraceSummaries(arranged.recording, traceIndex, counted, heads)
  const range = recordedRange(recording)
  const footer = {
    minimumReader: formatVersion,
    epoch: recording.epoch,
    from: range?.from ?? NaN,
    to: range?.to ?? NaN,
    meta,
    counts: countSegment(arranged.recording, counted),
    threads: threadsOf(recording),
    traces
  }
  function* blocks(): Generator<EncodedBlock> {
    yield* encodeBlocks(arranged, traceIndex, traces)
    if (rollups) yield* encodeRollups(recording)
    yield* encodePaths(pathsOf(arranged.recording, heads.span))
  }
  return assembleSegment(footer, blocks(), codec)
}

/** Of each trace the path that its name leaves out, on one line. */
function pathsOf(recording: Recording, heads: Int32Array): string[] {
  const paths: string[] = []
  for (const span of heads) paths.push(span < 0 ? '' : httpPath(recording, span).replaceAll('\n', ' '))
  return paths
}

function threadsOf({ threads, strings }: Recording): { id: number; name: string }[] {
  const names = new Map<number, string>()
  for (let row = 0; row < threads.length; row++) {
    const id = threads.id[row]!
    names.set(id, names.get(id) || strings[threads.name[row]!]!)
  }
  return Array.from(names, ([id, name]) => ({ id, name }))
}
