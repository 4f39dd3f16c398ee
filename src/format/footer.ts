import type { SegmentMeta } from './segment-meta.ts'
import type { Owner } from './layout.ts'

/** What a segment tells without its blocks being read. Times are ns since `epoch`; NaN where there are none. */
export interface SegmentFooter {
  readonly version: number
  /** The oldest reader that understands it. */
  readonly minimumReader: number
  /** Unix time in ns. */
  readonly epoch: bigint
  readonly from: number
  readonly to: number
  readonly meta: SegmentMeta
  readonly counts: SegmentCounts
  readonly threads: readonly { readonly id: number; readonly name: string }[]
  readonly traces: TraceColumns
  readonly blocks: readonly BlockEntry[]
}

export interface SegmentCounts {
  /** Timing samples, idle ones too; those of log calls, span starts and everything else (heap) are apart. */
  readonly samples: number
  readonly logSamples: number
  readonly spanSamples: number
  readonly otherSamples: number
  readonly spans: number
  /** Spans whose status is an error. */
  readonly spanErrors: number
  readonly events: number
  readonly logs: number
  /** Logs from trace to fatal; those without a severity are in none. */
  readonly levels: LevelCounts
  /** Points in time at which metrics were told, and the single values. */
  readonly statuses: number
  readonly points: number
  readonly opaque: number
}

export interface LevelCounts {
  readonly trace: number
  readonly debug: number
  readonly info: number
  readonly warn: number
  readonly error: number
  readonly fatal: number
}

/** One row for each trace that a span, log or sample of the segment belongs to. Counts are of this segment alone. */
export interface TraceColumns {
  readonly length: number
  /** 16 bytes a row. */
  readonly id: Uint8Array
  readonly texts: readonly string[]
  /** A row of `texts`: service.name of the root span, else of the earliest; '' where the segment has no span of it. */
  readonly service: Int32Array
  /** A row of `texts`. */
  readonly name: Int32Array
  /** 1 where the root span is here. */
  readonly root: Uint8Array
  /** From the earliest span on, else from the earliest log or sample. */
  readonly start: Float64Array
  /** Of the spans, until the latest end; 0 where there is none. */
  readonly duration: Float64Array
  readonly spans: Uint32Array
  readonly errors: Uint32Array
  readonly logs: Uint32Array
  readonly samples: Uint32Array
}

export interface BlockEntry {
  readonly kind: number
  readonly required: boolean
  readonly codec: number
  readonly encoding: number
  readonly owner: Owner
  /** Rows of its first table, or of its dictionary. */
  readonly count: number
  readonly offset: number
  /** Stored bytes, and bytes when inflated. */
  readonly length: number
  readonly size: number
  /** CRC32C of the stored bytes. */
  readonly checksum: number
  /** Of the block's rows; NaN where they have no time. */
  readonly from: number
  readonly to: number
}
