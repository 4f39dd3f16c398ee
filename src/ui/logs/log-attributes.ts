// The attributes of a log entry that say something to its reader.
import { readAttributes } from '../../recording/attributes.ts'
import type { Attribute } from '../../recording/attributes.ts'
import type { LogEntry } from '../../recording/log-entries.ts'
import type { Recording } from '../../recording/schema.ts'
import { plainText } from '../widgets/plain-text.ts'

/** What an entry carries for us, or shows elsewhere in its row. */
const ownKeys = new Set([
  'log.body',
  'log.severity',
  'log.record.uid',
  'thread.id',
  'code.file.path',
  'code.line.number',
  'code.column.number'
])

export function logAttributes(recording: Recording, entry: LogEntry): Attribute[] {
  return readAttributes(recording, entry.attributes).filter(({ key }) => !ownKeys.has(key))
}

const mostFields = 5
const longestField = 60

/** The fields that a structured logger was given, in one line: 'coupon=abc took=12'. */
export function fieldsLine(attributes: readonly Attribute[]): string {
  return attributes
    .filter(({ key }) => !/^(code|exception|log|thread)\./.test(key))
    .slice(0, mostFields)
    .map(({ key, text }) => `${key}=${shortened(plainText(text).replaceAll('\n', ' '))}`)
    .join('  ')
}

function shortened(text: string): string {
  return text.length > longestField ? `${text.slice(0, longestField)}…` : text
}
