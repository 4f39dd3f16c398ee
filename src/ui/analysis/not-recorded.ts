import { formatDuration, nanosPerSecond } from '../../base/units.ts'
import { attributeNumber } from '../../recording/attributes.ts'
import type { Recording } from '../../recording/schema.ts'
import { timeOfLog } from '../../recording/time-range.ts'
import type { TimeRange } from '../../recording/time-range.ts'
import { countOf } from '../data/count-of.ts'
import type { Finding, Looked } from './finding.ts'
import { keyOfLog } from './log-place.ts'

/** Sums that count from the start of the process, by what they count. */
const droppedMetrics = new Map([
  ['microlog.dropped.logs', 'log line'],
  ['microlog.dropped.samples', 'sample'],
  ['microlog.dropped.spans', 'span'],
  ['microlog.dropped.stacks', 'stack'],
  ['microlog.dropped.statuses', 'status point']
])
/** Seconds. */
const lostMetric = 'microlog.thread.lost'

/** What there was more of than the recording has: its figures are too low. */
export function findNotRecorded({ recording, range }: Looked): Finding[] {
  const { items, threads, longest } = readLosses(recording, range)
  const cut = countCutSpans(recording, range)
  const told = [
    ...(items.length ? [`${inWords(items)} could not be recorded or sent`] : []),
    ...(threads > 0
      ? [
          `${countOf(threads, 'worker thread')} ended without handing over what came last, up to ${formatDuration(longest)} of it`
        ]
      : []),
    ...(cut > 0 ? [`${countOf(cut, 'span')} had more events, attributes or links than are kept`] : [])
  ]
  if (told.length === 0) return []
  const entry = findLossEntry(recording, range)
  return [
    {
      kind: 'not recorded',
      text: `Not everything is here, so what is counted may be too low: ${told.join('; ')}.`,
      cost: 0,
      places: entry < 0 ? [] : [{ kind: 'log', log: keyOfLog(recording, entry) }]
    }
  ]
}

function readLosses(
  { series, points, strings }: Recording,
  range: TimeRange
): { items: string[]; threads: number; longest: number } {
  const before = new Map<number, number>()
  const after = new Map<number, number>()
  let threads = 0
  let longest = 0
  for (let row = 0; row < points.length; row++) {
    const of = points.series[row]!
    const name = strings[series.name[of]!]!
    const [time, value] = [points.time[row]!, points.value[row]!]
    if (name === lostMetric && value > 0 && isIn(time, range)) {
      threads++
      longest = Math.max(longest, value * nanosPerSecond)
    }
    if (!droppedMetrics.has(name)) continue
    if (time < range.from) before.set(of, Math.max(before.get(of) ?? 0, value))
    else if (time <= range.to) after.set(of, Math.max(after.get(of) ?? 0, value))
  }
  const sums = new Map<string, number>()
  for (const [of, value] of after) {
    const what = droppedMetrics.get(strings[series.name[of]!]!)!
    sums.set(what, (sums.get(what) ?? 0) + value - (before.get(of) ?? 0))
  }
  const items = [...sums].filter(([, count]) => count > 0)
  return { items: items.map(([what, count]) => countOf(count, what)), threads, longest }
}

/** Spans that a limit of the SDK or of the recorder left something out of. */
function countCutSpans(recording: Recording, range: TimeRange): number {
  const { spans } = recording
  let count = 0
  for (let row = 0; row < spans.length; row++) {
    if (!isIn(spans.start[row]!, range)) continue
    const ofLimits = spans.droppedEvents[row]! + spans.droppedAttributes[row]! + spans.droppedLinks[row]!
    const ofLogs = attributeNumber(recording, spans.attributes[row]!, 'microlog.dropped.events') ?? 0
    if (ofLimits + ofLogs > 0) count++
  }
  return count
}

/** Row of `logs`: the first that tells of a loss; -1 for none. */
function findLossEntry(recording: Recording, range: TimeRange): number {
  const { logs, strings } = recording
  for (let row = 0; row < logs.length; row++) {
    if (strings[logs.eventName[row]!] === 'microlog.lost' && isIn(timeOfLog(recording, row), range))
      return row
  }
  return -1
}

/** The sums come last of all: what lies at the end counts. */
function isIn(time: number, { from, to }: TimeRange): boolean {
  return time >= from && time <= to
}

function inWords(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`
}
