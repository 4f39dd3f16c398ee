// Where a function of many recordings is seen in one of them: its flame graph there, of the same endpoint and time.
import type { FlameGraph, RecordingDetail } from '../../collector/api.ts'
import { searchOfFunction } from '../../recording/part-search.ts'
import { functionKey } from '../compare/frames-of.ts'
import type { ChosenTimes } from '../data/time-choice.ts'
import { formatRange } from '../state/selection-address.ts'
import { axisRange, wholeRange } from './want-recording.ts'

export interface FunctionPlace {
  name: 'recording'
  params: { id: string; tab: 'flame' }
  query: Record<string, string>
}

/** @param kept parameters of this address that mean the same there */
export function placeOfFunction(
  id: string,
  { name, url }: { name: string; url: string },
  kept: Record<string, string | undefined>
): FunctionPlace {
  const query: Record<string, string> = { q: searchOfFunction(toldName(name), url) }
  for (const [parameter, value] of Object.entries(kept)) if (value) query[parameter] = value
  return { name: 'recording', params: { id, tab: 'flame' }, query }
}

/** By functionKey: the id of the recording that a function of the graph was seen in last. */
export function lastSeenOf(graph: FlameGraph | undefined): ReadonlyMap<string, string> {
  const { recordings = [], frames } = graph ?? {}
  return new Map(
    frames?.recording.map((recording, frame) => {
      const name = toldName(frames.name[frame]!)
      return [functionKey({ name, file: frames.url[frame]! }), recordings[recording]!]
    })
  )
}

/** As `frameName` tells it. */
function toldName(name: string): string {
  return name || '(anonymous)'
}

/** What of the times a recording has, as its address names it; undefined for all of it. */
export function rangeWithin(detail: RecordingDetail, times: ChosenTimes): string | undefined {
  const whole = wholeRange(detail)
  const from = Math.max(whole.from, times.from ?? whole.from)
  const to = Math.min(whole.to, times.to ?? whole.to)
  const isAll = from <= whole.from && to >= whole.to
  return isAll || to <= from ? undefined : formatRange(axisRange({ from, to }, detail))
}
