/** What the writer of a segment knows beyond its tables; kept in the footer. */
export interface SegmentMeta {
  /** The recording this is a slice of: 26 characters [0-9a-z] in a store; anything, or '', elsewhere. */
  readonly recording: string
  /** What people call it: the label it was run under, or the service's name. */
  readonly label: string
  /** The places of journals it was made from, so that a crash between sealing and trimming doubles nothing. */
  readonly journals?: readonly JournalRange[] | undefined
  /** Attributes of the resource as text, for lists that don't open the segment: service.name, host.name … */
  readonly resource?: Readonly<Record<string, string>> | undefined
  /** Segments that this one takes the place of. */
  readonly replaces?: readonly string[] | undefined
  /** When the newest of those was put into the store, Unix ms: putting them together makes no data younger. */
  readonly writtenMs?: number | undefined
}

export interface JournalRange {
  readonly file: string
  /** The first place. */
  readonly from: number
  /** The one after the last. */
  readonly to: number
}
