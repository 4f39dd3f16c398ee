import { writeSync } from 'node:fs'

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
