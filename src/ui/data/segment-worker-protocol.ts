// What the page and its decoding worker say to each other.
import type { Recording } from '../../recording/schema.ts'
import type { TimeRange } from '../../recording/time-range.ts'

export interface SegmentSource {
  id: string
  url: string
  /** The snapshot of an open head: replaced by the next load. */
  live: boolean
}

/** The segments of one recording, in the order they are merged. */
export interface RecordingSource {
  recording: string
  segments: SegmentSource[]
}

export interface LoadRequest {
  /** Unix time in ns that all the merged recordings count from. */
  epoch: bigint
  /** What is wanted, in ns from there; more may come along. Undefined: everything. */
  window?: TimeRange | undefined
  sources: RecordingSource[]
  /** Of the requests' header; undefined: none. */
  authorization?: string | undefined
}

export interface LoadFailure {
  /** 'GET /api/…' */
  request: string
  /** HTTP status; 0 where no answer came. */
  status: number
  message: string
}

export interface LoadProgress {
  /** Segments that are there, of so many. */
  done: number
  total: number
  bytes: number
}

export interface Loaded {
  /** By id; a recording none of whose segments could be had isn't there. */
  recordings: Map<string, Recording>
  failures: LoadFailure[]
}

export type WorkerMessage = ({ type: 'progress' } & LoadProgress) | ({ type: 'loaded' } & Loaded)
