// What came of GET /api/logs, as rows that can be told apart.
import type { LogLine } from '../../collector/api.ts'

export interface LogRowLine {
  /** Unlike that of any other row of its list, and the same when the line is asked for again. */
  readonly key: string
  readonly line: LogLine
}

/** @param before rows that these follow */
export function logRowLines(lines: readonly LogLine[], before: readonly LogRowLine[] = []): LogRowLine[] {
  const alike = new Map<string, number>()
  const keyOf = (line: LogLine): string => {
    const { recording, uid, time, level, spanId = '', body } = line
    const key = `${recording}.${uid ?? `${time}.${level}.${spanId}.${body}`}`
    const count = alike.get(key) ?? 0
    alike.set(key, count + 1)
    return count === 0 ? key : `${key}.${count}`
  }
  for (const { line } of before) keyOf(line)
  return lines.map(line => ({ key: keyOf(line), line }))
}

/** How many of these rows are not among the others. */
export function countNew(rows: readonly LogRowLine[], known: readonly LogRowLine[]): number {
  const keys = new Set(known.map(({ key }) => key))
  return rows.filter(({ key }) => !keys.has(key)).length
}
