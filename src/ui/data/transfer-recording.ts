// Recordings between threads: the columns move without a copy, and are frozen again where they arrive.
import { tableNames } from '../../recording/recording-builder.ts'
import type { Recording } from '../../recording/schema.ts'

/** The buffers to move. The recording must own them: a snapshot does, a decoded file may not. */
export function transferablesOf(recording: Recording): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>()
  const tables: object[] = [recording.sets, ...tableNames.map(name => recording[name])]
  for (const table of tables) {
    for (const column of Object.values(table)) {
      if (ArrayBuffer.isView(column)) buffers.add(column.buffer as ArrayBuffer)
    }
  }
  for (const bytes of recording.blobs) if (bytes.length > 0) buffers.add(bytes.buffer as ArrayBuffer)
  return [...buffers]
}

export function freezeRecording(recording: Recording): Recording {
  for (const name of tableNames) Object.freeze(recording[name])
  Object.freeze(recording.sets)
  Object.freeze(recording.strings)
  Object.freeze(recording.blobs)
  return Object.freeze(recording)
}
