// What a program writes past any logger that we know, read as a person would: which lines are one entry, and of what level.
import type { Severity } from './severities.ts'
import { levelOf, numberOfName, type LoggerLevel } from './severities.ts'

/** Lines that go on with the one before: indented as those of a stack or an object are, or the bracket that closes it. */
const goesOn = /^(?:\s+\S|[}\])])/

/** Lines of one write, those that belong together as one. */
export function entriesOf(lines: readonly string[]): string[] {
  const entries: string[] = []
  for (const line of lines) {
    const last = entries.length - 1
    if (last >= 0 && entries[last] !== '' && goesOn.test(line)) entries[last] += `\n${line}`
    else entries.push(line)
  }
  return entries
}

const words = 'trace|debug|verbose|info|log|notice|warn|warning|error|critical|fatal'
/** `WARN` near the start of a line, `[warn]` there, or `warn:` at the start itself. */
const levelWord = new RegExp(`\\b(${words.toUpperCase()})\\b|\\[(${words})\\]|^(${words}):`)
const levelWithin = 80

/** The level that an entry names, else the one that its stream stands for. */
export function levelOfEntry(entry: string, otherwise: Severity): LoggerLevel {
  const found = levelWord.exec(entry.slice(0, levelWithin))
  const name = found?.[1] ?? found?.[2] ?? found?.[3]
  return name === undefined ? levelOf(otherwise) : { number: numberOfName(name), text: name.toUpperCase() }
}
