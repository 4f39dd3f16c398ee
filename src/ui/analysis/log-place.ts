import { attributeText } from '../../recording/attributes.ts'
import type { Recording } from '../../recording/schema.ts'

/** The key of its entry in the log. @param row of `logs` */
export function keyOfLog(recording: Recording, row: number): string {
  return attributeText(recording, recording.logs.attributes[row]!, 'log.record.uid') ?? `record-${row}`
}
