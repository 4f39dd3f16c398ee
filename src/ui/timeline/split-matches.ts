// The matches of frames, span names and log bodies, which are tested as one list, by what they belong to.
import type { LogEntry } from '../../recording/log-entries.ts'
import type { Recording } from '../../recording/schema.ts'

export interface SplitMatches {
  readonly frames: Uint8Array
  readonly spans: Uint8Array
  readonly logs: Uint8Array
}

/** A log matches by its body or by a frame on its stack. */
export function splitMatches(
  recording: Recording,
  logs: readonly LogEntry[],
  matches: Uint8Array
): SplitMatches {
  const { frames, stacks, spans } = recording
  const byFrame = matches.subarray(0, frames.length)
  const bodies = matches.subarray(frames.length + spans.length)
  const byStack = new Uint8Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const up = stacks.parent[stack]!
    if (byFrame[stacks.frame[stack]!] === 1 || (up >= 0 && byStack[up] === 1)) byStack[stack] = 1
  }
  return {
    frames: byFrame,
    spans: matches.subarray(frames.length, frames.length + spans.length),
    logs: Uint8Array.from(logs, (log, i) => (bodies[i] === 1 || byStack[log.stack] === 1 ? 1 : 0))
  }
}
