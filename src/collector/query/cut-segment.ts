// A part of a segment as a segment of its own: a page that shows one trace needs a few seconds of what may be a day.
import { MicrologError } from '../../base/errors.ts'
import { nanosPerSecond } from '../../base/units.ts'
import { encodeRecording } from '../../format/index.ts'
import type { RecordingFile, SegmentFooter } from '../../format/index.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { quickCodec } from '../store/node-codec.ts'
import { unixMs } from '../store/unix-ms.ts'
import { readNumber } from './page.ts'
import type { QueryTexts } from './page.ts'

export interface SegmentPart {
  /** Unix ms. */
  from: number
  to: number
  /** Hex; what names this trace is needed, too, where it lies near. */
  traceId: string | undefined
}

/** How far beyond the time asked for things of the trace, calls, and stacks of starts are looked for. */
const reachNs = 30 * nanosPerSecond

/** Undefined where all is asked for. */
export function readPart(query: QueryTexts): SegmentPart | undefined {
  const [from, to] = [readNumber(query, 'from'), readNumber(query, 'to')]
  const traceId = query.get('trace')?.toLowerCase() || undefined
  if (from === undefined && to === undefined && traceId === undefined) return undefined
  if (from === undefined || to === undefined || from > to)
    throw new MicrologError('invalid-input', 'Expected from and a to that is not before it')
  if (traceId !== undefined && !/^[0-9a-f]{32}$/.test(traceId))
    throw new MicrologError('invalid-input', 'Expected trace to be 32 hex digits')
  return { from, to, traceId }
}

/** Of so much, all of it is had sooner. */
export function coversMost(footer: SegmentFooter, { from, to }: SegmentPart): boolean {
  const [first, last] = [unixMs(footer, footer.from), unixMs(footer, footer.to)]
  return !(Math.min(to, last) - Math.max(from, first) < (last - first) / 2)
}

/** @throws as reading the segment does */
export async function cutSegment(file: RecordingFile, part: SegmentPart): Promise<Uint8Array> {
  const { epoch, meta } = file.footer
  const range = rangeSince(epoch, part)
  const wide = { from: range.from - reachNs, to: range.to + reachNs }
  const cut = await file.readPart(['spans', 'logs', 'samples', 'statuses'], wide, {
    range,
    traceId: part.traceId
  })
  return encodeRecording(
    cut,
    { recording: meta.recording, label: meta.label, resource: meta.resource },
    quickCodec
  )
}

/** ns since an epoch: the whole µs that hold it. */
function rangeSince(epoch: bigint, { from, to }: SegmentPart): TimeRange {
  const sinceEpoch = (us: number): number => Number(BigInt(us) * 1000n - epoch)
  return { from: sinceEpoch(Math.floor(from * 1000)), to: sinceEpoch(Math.ceil(to * 1000)) }
}
