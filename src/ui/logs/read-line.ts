// A line of all recordings as its own recording has it: with its attributes and its stack, which lists of lines leave out.
import { nanosPerMs } from '../../base/units.ts'
import type { LogLine, SegmentSummary } from '../../collector/api.ts'
import { buildLogEntries } from '../../recording/log-entries.ts'
import type { LogEntry } from '../../recording/log-entries.ts'
import type { Recording } from '../../recording/schema.ts'
import type { ApiClient, SegmentPart } from '../data/api-client.ts'
import type { RecordingLoader } from '../data/load-recordings.ts'
import type { LoadRequest } from '../data/segment-worker-protocol.ts'
import { meet } from '../data/stretch.ts'

export interface ReadLine {
  readonly recording: Recording
  readonly entry: LogEntry
}

/** How long before or after it the stack of a line may lie, and the span that it is an event of. */
const aroundMs = 2_000

/** Undefined where it isn't there any more. @throws the failure of its segments */
export async function readLine(
  api: ApiClient,
  loader: RecordingLoader,
  line: LogLine,
  signal: AbortSignal
): Promise<ReadLine | undefined> {
  const segments = await api.segments(line.recording, signal)
  const request = requestOfLine(line, segments, (id, part) => api.segmentUrl(line.recording, id, part))
  const { recordings, failures } = await loader.load(
    { ...request, authorization: api.authorization },
    () => {}
  )
  const recording = recordings.get(line.recording)
  const entry = recording && findEntry(recording, line)
  if (!entry && failures[0]) throw new Error(failures[0].message)
  return entry && { recording, entry }
}

/** Times of what is loaded count from the line's. */
export function requestOfLine(
  { recording, time }: LogLine,
  segments: readonly SegmentSummary[],
  urlOf: (segment: string, part: SegmentPart) => string
): LoadRequest {
  const range = { from: Math.floor(time - aroundMs), to: Math.ceil(time + aroundMs) }
  return {
    epoch: BigInt(Math.round(time * nanosPerMs)),
    window: { from: -aroundMs * nanosPerMs, to: aroundMs * nanosPerMs },
    sources: [
      {
        recording,
        segments: segments
          .filter(segment => meet(segment, range))
          .map(({ id, live }) => ({ id, live, url: urlOf(id, range) }))
      }
    ]
  }
}

/** By its uid; one without is known by its text, and of several alike by its time. */
export function findEntry(recording: Recording, line: LogLine): LogEntry | undefined {
  const alike = buildLogEntries(recording, body => body === line.body).filter(({ key, level, spanId }) =>
    line.uid ? key === line.uid : level === line.level && spanId === (line.spanId ?? '')
  )
  const epochMs = Number(recording.epoch) / nanosPerMs
  const distance = ({ time }: LogEntry): number => Math.abs(epochMs + time / nanosPerMs - line.time)
  return alike.reduce<LogEntry | undefined>(
    (nearest, entry) => (nearest && distance(nearest) <= distance(entry) ? nearest : entry),
    undefined
  )
}
