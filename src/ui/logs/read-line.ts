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

/**
 * @param lines of one recording
 * @returns each as its recording has it, undefined where it isn't there any more
 * @throws the failure of its segments
 */
export async function readLines(
  api: ApiClient,
  loader: RecordingLoader,
  lines: readonly [LogLine, ...LogLine[]],
  signal: AbortSignal
): Promise<(ReadLine | undefined)[]> {
  const [{ recording: id }] = lines
  const segments = await api.segments(id, signal)
  const request = requestOfLines(lines, segments, (segment, part) => api.segmentUrl(id, segment, part))
  const { recordings, failures } = await loader.load(
    { ...request, authorization: api.authorization },
    () => {}
  )
  const recording = recordings.get(id)
  const entries = lines.map(line => recording && findEntry(recording, line))
  if (failures[0] && entries.includes(undefined)) throw new Error(failures[0].message)
  return entries.map(entry => entry && { recording: recording!, entry })
}

/** Times of what is loaded count from the first line's. */
export function requestOfLines(
  lines: readonly [LogLine, ...LogLine[]],
  segments: readonly SegmentSummary[],
  urlOf: (segment: string, part: SegmentPart) => string
): LoadRequest {
  const [{ recording, time }] = lines
  const times = lines.map(line => line.time)
  const [from, to] = [Math.min(...times) - aroundMs, Math.max(...times) + aroundMs]
  const range = { from: Math.floor(from), to: Math.ceil(to) }
  return {
    epoch: BigInt(Math.round(time * nanosPerMs)),
    window: { from: (from - time) * nanosPerMs, to: (to - time) * nanosPerMs },
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
