import type { RecordingFile } from '../../format/index.ts'

/** A slice of a recording, as its bytes: in the store, or the open head of one, frozen. */
export interface Segment {
  readonly recording: string
  readonly id: string
  readonly bytes: number
  /** When its newest data was put into the store, Unix ms, as the store says; of a live one, when it came. */
  readonly writtenMs: number
  /** Not in the store yet, and changing. */
  readonly live: boolean
  /** Its footer is read once and kept for a while. */
  open(): Promise<RecordingFile>
  /** Bytes from `from` up to, not including, `to`, in memory of their own. */
  read(from: number, to: number): Promise<Uint8Array>
}

/** With its footer read. */
export interface OpenSegment {
  segment: Segment
  file: RecordingFile
}
