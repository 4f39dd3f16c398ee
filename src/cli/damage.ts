import type { Library } from '../collector/query/library.ts'
import { writeNotice } from '../collector/write-notice.ts'
import { escapeCell } from './print.ts'

/** Says on stderr what a command leaves out because it doesn't read. */
export function warnOfDamage(name: string, why: string): void {
  writeNotice(`${escapeCell(name)} is damaged and left out: ${escapeCell(why)}`)
}

/** The same for segments that couldn't even be opened; of one recording, or of all. */
export function warnOfUnreadable({ damaged }: Library, recording?: string): void {
  for (const [key, why] of damaged)
    if (recording === undefined || key.includes(`/${recording}/`)) warnOfDamage(key, why)
}
