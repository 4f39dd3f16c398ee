// What the list of all logs leaves out, read from the recordings for the rows that are there: their fields and where they
// were written. One request at a time, and only once the rows have come to rest: whoever scrolls past asks for nothing.
import type { LogLine } from '../../collector/api.ts'
import { fieldsLine, logAttributes } from './log-attributes.ts'
import type { LogRowLine } from './log-page.ts'
import { sourceOfLog } from './log-source.ts'
import type { LogSource } from './log-source.ts'
import type { ReadLine } from './read-line.ts'

export interface LineFacts {
  readonly fields: string
  readonly source: LogSource | undefined
}

export interface LineReader {
  /** Tells of the row now or later; not at all where its line is gone or can't be read: who opens it is told why. */
  want(row: LogRowLine, tell: (facts: LineFacts) => void): void
  leave(row: LogRowLine): void
  close(): void
}

/** Lines of a recording that are no further apart are read together. */
const gapMs = 10_000
const restMs = 300
/** Of which the facts are kept. */
const mostKept = 5_000

/** @param read the lines, which are of one recording and close together, each where it is found */
export function createLineReader(
  read: (
    lines: readonly [LogLine, ...LogLine[]],
    signal: AbortSignal
  ) => Promise<readonly (ReadLine | undefined)[]>
): LineReader {
  const kept = new Map<string, LineFacts>()
  const wanted = new Map<string, { row: LogRowLine; tell: (facts: LineFacts) => void }>()
  const end = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  let reading = false

  async function readNext(): Promise<void> {
    const group = firstGroup([...wanted.values()].map(({ row }) => row))
    const [first, ...others] = group.map(({ line }) => line)
    if (reading || end.signal.aborted || !first) return
    reading = true
    const found = await read([first, ...others], end.signal).catch((): readonly undefined[] => [])
    reading = false
    if (kept.size > mostKept) kept.clear()
    for (const [i, { key }] of group.entries()) {
      const facts = factsOf(found[i])
      if (facts) {
        kept.set(key, facts)
        wanted.get(key)?.tell(facts)
      }
      wanted.delete(key)
    }
    void readNext()
  }

  return {
    want(row, tell) {
      const facts = kept.get(row.key)
      if (facts) return tell(facts)
      wanted.set(row.key, { row, tell })
      clearTimeout(timer)
      timer = setTimeout(() => void readNext(), restMs)
    },
    leave: ({ key }) => void wanted.delete(key),
    close() {
      clearTimeout(timer)
      end.abort()
    }
  }
}

/** The first of them, with those of its recording that lie near it, or near one of these. */
export function firstGroup(rows: readonly LogRowLine[]): readonly LogRowLine[] {
  const first = rows[0]?.line
  if (!first) return []
  const byTime = rows
    .filter(({ line }) => line.recording === first.recording)
    .sort((a, b) => a.line.time - b.line.time)
  const groups: LogRowLine[][] = []
  for (const row of byTime) {
    const group = groups.at(-1)
    if (group && row.line.time - group.at(-1)!.line.time <= gapMs) group.push(row)
    else groups.push([row])
  }
  return groups.find(group => group.some(({ line }) => line === first))!
}

function factsOf(found: ReadLine | undefined): LineFacts | undefined {
  if (!found) return undefined
  const { recording, entry } = found
  return { fields: fieldsLine(logAttributes(recording, entry)), source: sourceOfLog(recording, entry) }
}
