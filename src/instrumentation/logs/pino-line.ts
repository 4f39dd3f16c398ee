// What pino wrote, read again in the sender's thread: after the program's own serializers, formatters and redaction.
import type { LineKeys, LogAttributes } from '../record-sink.ts'
import { exceptionAttributes } from './exceptions.ts'
import { attributesOfFields, textOfFields } from './log-fields.ts'

/** The line's fields that are told otherwise, or by the resource. */
const told = ['level', 'time', 'pid', 'hostname', 'v']

export function readPinoLine(text: string, keys: LineKeys): { body: string; attributes: LogAttributes } {
  const line = parseLine(text)
  const message = line[keys.message]
  const fields = attributesOfFields(line, new Set([...told, keys.message, keys.error]))
  const attributes = { ...fields, ...exceptionAttributes(line[keys.error]) }
  if (typeof message === 'string') return { body: message, attributes }
  const rest = Object.entries(line).filter(([name]) => !told.includes(name))
  return { body: rest.length === 0 ? '' : textOfFields(Object.fromEntries(rest)), attributes }
}

function parseLine(text: string): Record<string, unknown> {
  try {
    const line: unknown = JSON.parse(text)
    return typeof line === 'object' && line !== null ? (line as Record<string, unknown>) : {}
  } catch {
    // A formatter of the program's own wrote something else.
    return {}
  }
}
