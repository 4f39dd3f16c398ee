import type { ThreadProfile } from '../../otlp/thread-profile.ts'

/** The stack of an entry that the recorder itself puts into the log. */
export interface EntryStack {
  /** Leaf row in the profile's stacks. */
  stack: number
  link: number
  endpoint: number
  /** In µs since 1970. */
  time: number
  uid: string
}

/** The stacks of log calls and these, in order of time. */
export function withStacks(
  logs: ThreadProfile['logs'],
  stacks: readonly EntryStack[]
): ThreadProfile['logs'] {
  const rows = [
    ...Array.from(logs.stack, (stack, i) => ({
      stack,
      time: logs.timeUnixUs[i]!,
      link: logs.link[i]!,
      endpoint: logs.endpoint[i]!,
      uid: logs.uid?.[i] ?? ''
    })),
    ...stacks
  ].sort((a, b) => a.time - b.time)
  return {
    stack: Int32Array.from(rows, row => row.stack),
    timeUnixUs: Float64Array.from(rows, row => row.time),
    link: Int32Array.from(rows, row => row.link),
    endpoint: Int32Array.from(rows, row => row.endpoint),
    uid: rows.map(row => row.uid)
  }
}
