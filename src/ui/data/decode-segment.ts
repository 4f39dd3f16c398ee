import { openRecording, webCodec } from '../../format/index.ts'
import { memorySource } from '../../format/memory-source.ts'
import type { Recording } from '../../recording/schema.ts'
import type { Window } from './load-recordings.ts'

/** What the screens show of a segment; of a large one only the blocks that reach into the window. */
export async function decodeSegment(bytes: Uint8Array, window: Window | undefined): Promise<Recording> {
  const file = await openRecording(memorySource(bytes), webCodec)
  return file.read(['spans', 'logs', 'samples', 'statuses'], window && since(file.footer.epoch, window))
}

function since(epoch: bigint, { epoch: from, range }: Window): Window['range'] {
  const later = Number(from - epoch)
  return { from: range.from + later, to: range.to + later }
}
