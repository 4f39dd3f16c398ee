// Segments into one recording, kept between loads: sealed ones are appended once, the snapshot of an open head is
// laid over a copy, because the next one replaces it.
import { appendRecording } from '../../recording/append-recording.ts'
import { RecordingBuilder } from '../../recording/recording-builder.ts'
import { attributeType } from '../../recording/schema.ts'
import type { Recording } from '../../recording/schema.ts'
import type { SegmentSource } from './segment-worker-protocol.ts'

export interface SegmentMerger {
  /** Those that must be fetched to show exactly these. */
  missing(segments: readonly SegmentSource[]): SegmentSource[]
  /** Takes in what was fetched of the missing; the whole as a snapshot of its own. */
  merge(parts: readonly { segment: SegmentSource; recording: Recording }[]): Recording
}

export function createSegmentMerger(epoch: bigint): SegmentMerger {
  let sealed = new RecordingBuilder(epoch)
  let appended = new Set<string>()

  return {
    missing(segments) {
      const listed = new Set(segments.map(segment => segment.id))
      if (![...appended].every(id => listed.has(id))) {
        // Compaction put larger segments in the place of some we have.
        sealed = new RecordingBuilder(epoch)
        appended = new Set()
      }
      return segments.filter(segment => !appended.has(segment.id))
    },
    merge(parts) {
      const heads: Recording[] = []
      for (const { segment, recording } of parts) {
        if (segment.live) heads.push(recording)
        else {
          appendRecording(sealed, recording)
          appended.add(segment.id)
        }
      }
      return withoutHiddenBlobs(withHeads(sealed, heads))
    }
  }
}

function withHeads(sealed: RecordingBuilder, heads: readonly Recording[]): Recording {
  if (heads.length === 0) return sealed.snapshot()
  const whole = new RecordingBuilder(sealed.epoch)
  appendRecording(whole, sealed.snapshot())
  for (const head of heads) appendRecording(whole, head)
  return whole.snapshot()
}

/** Without the requests kept for export alone, which no view shows and which may be most of the bytes. */
function withoutHiddenBlobs(recording: Recording): Recording {
  const { type, value } = recording.sets
  const shown = new Uint8Array(recording.blobs.length)
  for (let i = 0; i < type.length; i++) {
    if (type[i] === attributeType.bytes || type[i] === attributeType.nested) shown[value[i]!] = 1
  }
  const nothing = new Uint8Array(0)
  return { ...recording, blobs: recording.blobs.map((bytes, row) => (shown[row] ? bytes.slice() : nothing)) }
}
