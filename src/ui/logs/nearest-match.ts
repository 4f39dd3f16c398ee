// The line that a search finds nearest before or after a part of a recording: the collector looks for it, since only that
// part is here.
import type { LogLine } from '../../collector/api.ts'
import { compileSearch } from '../../recording/search.ts'
import type { ApiClient } from '../data/api-client.ts'
import type { UnixRange } from '../data/stretch.ts'

export type Direction = 'earlier' | 'later'

/** Times are doubles of Unix ms, which tell a quarter of a microsecond. */
const justBesideMs = 0.001
/** Lines that differ from what was typed in case alone are passed over here: the collector ignores it. */
const pageSize = 100

/** Whether a search finds what holds it as a text: the collector doesn't run patterns, which may take for ever. */
export function isPlainText(search: string): boolean {
  return !/[\\^$*+?()[\]{}|]/.test(search)
}

/** @param search see isPlainText @param beside what is shown already */
export async function findNearest(
  api: ApiClient,
  { recording, search, beside }: { recording: string; search: string; beside: UnixRange },
  direction: Direction,
  signal: AbortSignal
): Promise<LogLine | undefined> {
  const compiled = compileSearch(search)
  const matches = (body: string): boolean => compiled.kind === 'pattern' && compiled.pattern.test(body)
  const where =
    direction === 'earlier'
      ? { order: 'newest', to: beside.from - justBesideMs }
      : { order: 'oldest', from: beside.to + justBesideMs }
  let cursor: string | undefined
  do {
    const page = await api.logs({ recording, q: search, limit: pageSize, cursor, ...where }, signal)
    const found = page.items.find(({ body }) => matches(body))
    if (found) return found
    cursor = page.cursor
  } while (cursor)
  return undefined
}
