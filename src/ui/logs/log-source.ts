import { attributeText } from '../../recording/attributes.ts'
import { editorLink, shortFile } from '../../recording/frame-names.ts'
import type { LogEntry } from '../../recording/log-entries.ts'
import type { Recording } from '../../recording/schema.ts'

/** The line of code that wrote an entry. */
export interface LogSource {
  readonly text: string
  /** In the editor; undefined where it has no file there. */
  readonly link: string | undefined
}

export function sourceOfLog(recording: Recording, entry: LogEntry): LogSource | undefined {
  const file = attributeText(recording, entry.attributes, 'code.file.path')
  if (!file) return undefined
  const line = Number(attributeText(recording, entry.attributes, 'code.line.number') ?? 0)
  return { text: `${shortFile(file)}${line > 0 ? `:${line}` : ''}`, link: editorLink(file, line, 1) }
}
