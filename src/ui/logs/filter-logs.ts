// Which log entries a view shows, and what a search sees of them.
import { isListed, stackFrames } from '../../recording/log-entries.ts'
import type { LogEntry, OwnChoice } from '../../recording/log-entries.ts'
import { plainText } from '../widgets/plain-text.ts'
import type { Recording } from '../../recording/schema.ts'
import { frameName } from '../../recording/frame-names.ts'
import { readAttributes } from '../../recording/attributes.ts'
import type { TimeRange } from '../../recording/time-range.ts'

export interface LogFilter {
  /** Words of `hide`; those that are levels count here. */
  hide: readonly string[]
  own: OwnChoice
  range: TimeRange | null
  /** 1 for each entry that the search finds; null where nothing is searched for. */
  matches: Uint8Array | null
}

/** Indices of the entries to show, in order. */
export function filterLogs(entries: readonly LogEntry[], { hide, own, range, matches }: LogFilter): number[] {
  const shown: number[] = []
  entries.forEach((entry, index) => {
    if (hide.includes(entry.level) || !isListed(entry, own)) return
    if (range && (entry.time < range.from || entry.time > range.to)) return
    if (matches && !matches[index]) return
    shown.push(index)
  })
  return shown
}

/** What a search sees of an entry: its text, its attributes, and the functions on its stack. */
export function logTexts(recording: Recording, entries: readonly LogEntry[]): string[] {
  const attributeTexts = new Map<number, string>()
  const stackTexts = new Map<number, string>()
  return entries.map(({ body, attributes, stack }) => {
    const named = remember(attributeTexts, attributes, set =>
      readAttributes(recording, set)
        .filter(({ key }) => key !== 'log.body')
        .map(({ key, text }) => `${key}=${text}`)
        .join('\n')
    )
    const frames = remember(stackTexts, stack, row =>
      stackFrames(recording, row)
        .map(frame => frameName(recording, frame))
        .join('\n')
    )
    return `${plainText(body)}\n${named}\n${frames}`
  })
}

function remember(known: Map<number, string>, row: number, text: (row: number) => string): string {
  const before = known.get(row)
  if (before !== undefined) return before
  const made = text(row)
  known.set(row, made)
  return made
}
