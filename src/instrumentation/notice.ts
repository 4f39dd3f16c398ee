import { writeSync } from 'node:fs'

/** One line to the program's stderr; not through console, which is being recorded. */
export function notice(line: string): void {
  try {
    writeSync(2, `${line}\n`)
  } catch {
    // Closed, or full and not blocking: the line isn't worth more than that.
  }
}
