import type { Recording } from '../../recording/schema.ts'

/** What the row of a log shows beside its entry. */
export interface LogRowFacts {
  readonly recording: Recording
  /** Of its span where that is recorded; '' else. */
  readonly spanName: string
  /** '' where its process has only one. */
  readonly threadName: string
}
