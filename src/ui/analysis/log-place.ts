import { uidOf } from '../../recording/log-entries.ts'
import type { Recording } from '../../recording/schema.ts'

/** The key of its entry in the log. @param row of `logs` */
export function keyOfLog(recording: Recording, row: number): string {
  return uidOf(recording, recording.logs.attributes[row]!) ?? `record-${row}`
}
