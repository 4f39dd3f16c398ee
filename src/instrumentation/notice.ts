import { writeSync } from 'node:fs'
import { messageOf } from '../base/errors.ts'

const told = new Set<string>()

/** The same line once in a process, however often recording is begun in it. */
export function noticeOnce(line: string): void {
  if (told.has(line)) return
  told.add(line)
  notice(line)
}

/** One line to the program's stderr; not through console, which is being recorded. */
export function notice(line: string): void {
  try {
    writeSync(2, `${line}\n`)
  } catch {
    // Closed, or full and not blocking: the line isn't worth more than that.
  }
}

/** Why something of ours doesn't work here, with where it says what it needs. */
export function reasonOf(error: unknown): string {
  const reason = messageOf(error).trim()
  if ((error as { code?: unknown } | undefined)?.code !== 'ERR_ACCESS_DENIED') return reason
  const { permission } = error as { permission?: string }
  return `${reason.replace(/\.$/, '')} (${permission ?? '--permission'}); what recording needs there: docs/limits.md of microlog`
}
