import { formatDuration, nanosPerMs } from '../../base/units.ts'
import { attributeNumber, attributeText } from '../../recording/attributes.ts'
import { editorLink, shortFile } from '../../recording/frame-names.ts'
import { listThreads } from '../../recording/threads.ts'
import { isWithin, timeOfLog } from '../../recording/time-range.ts'
import { countOf } from '../data/count-of.ts'
import { editorPlaces, functionSubject, mostOfKind } from './finding.ts'
import type { Finding, Looked } from './finding.ts'
import { keyOfLog } from './log-place.ts'

interface Blocks {
  where: string
  /** Of a worker thread; '' for the main one. */
  thread: string
  count: number
  total: number
  longest: number
  longestFrom: number
  /** Of `logs`. */
  longestRow: number
  link: string | undefined
  /** Of the function, where that is known. */
  within: readonly string[]
}

/** Stretches longer than 100 ms in which nothing else ran, by the function that took them: the recorder tells of each. */
export function findBlockedLoop({ recording, range }: Looked): Finding[] {
  const { logs, strings } = recording
  const byPlace = new Map<string, Blocks>()
  const threads = new Map(listThreads(recording).map(({ id, name }) => [id, name]))
  for (let row = 0; row < logs.length; row++) {
    if (strings[logs.eventName[row]!] !== 'microlog.blocked') continue
    const from = timeOfLog(recording, row)
    const set = logs.attributes[row]!
    const duration = (attributeNumber(recording, set, 'microlog.blocked.ms') ?? 0) * nanosPerMs
    if (!isWithin(from, range)) continue
    const name = attributeText(recording, set, 'code.function.name') ?? ''
    const file = attributeText(recording, set, 'code.file.path') ?? ''
    const where = name && file ? `${name} (${shortFile(file)})` : name || shortFile(file)
    const line = Number(attributeText(recording, set, 'code.line.number') ?? 0)
    const link = editorLink(file, line, 1)
    const threadId = attributeNumber(recording, set, 'thread.id') ?? 0
    const thread = threadId === 0 ? '' : (threads.get(threadId) ?? `worker-${threadId}`)
    const key = `${thread} ${where}`
    const known = byPlace.get(key)
    const blocks = known ?? {
      where,
      thread,
      count: 0,
      total: 0,
      longest: -1,
      longestFrom: 0,
      longestRow: 0,
      link,
      within: name && file ? [functionSubject(name, file)] : []
    }
    byPlace.set(key, blocks)
    blocks.count++
    blocks.total += duration
    if (duration > blocks.longest) {
      blocks.longest = duration
      blocks.longestFrom = from
      blocks.longestRow = row
    }
  }
  return [...byPlace.values()]
    .sort((a, b) => b.total - a.total)
    .slice(0, mostOfKind)
    .map(({ where, thread, count, total, longest, longestFrom, longestRow, link, within }) => ({
      kind: 'blocked loop',
      text: `The event loop${thread && ` of ${thread}`} was blocked ${countOf(count, 'time')}, ${formatDuration(total)} together, ${where ? `in ${where}` : 'where no stack was sampled'}; the longest took ${formatDuration(longest)}.`,
      // To compute is what a worker thread is for: no request waits for it.
      cost: thread === '' ? total : 0,
      within,
      places: [
        { kind: 'range', range: aroundBlock(longestFrom, longest) },
        { kind: 'log', log: keyOfLog(recording, longestRow) },
        ...editorPlaces(link)
      ]
    }))
}

function aroundBlock(from: number, duration: number): Looked['range'] {
  return { from: from - duration / 2, to: from + duration * 1.5 }
}
