// The timing samples of all threads with the time that each counts for, as `show` counts it: what formats without a time
// of each sample are made of.
import { MicrologError } from '../base/errors.ts'
import { buildSampleWeights, frameRole, frameRoles, timingSamples } from '../recording/calls.ts'
import type { Recording } from '../recording/schema.ts'
import { listSampledThreads } from '../recording/threads.ts'
import type { Thread } from '../recording/threads.ts'

export interface WeighedThread extends Thread {
  /** Rows of its timing samples by time. */
  readonly rows: Int32Array
  /** Whole ns that each of them counts for: until the next one, three periods at most. */
  readonly weights: Float64Array
}

export interface StackPaths {
  /** By stack: 1 where the thread did nothing. */
  readonly idle: Uint8Array
  /** By stack: frames on it, V8's root included. */
  readonly depths: Int32Array
  /** Frames from the leaf out, without V8's root. */
  pathOf(stack: number): number[]
}

/** A file with more would take gigabytes: both formats repeat the callers of each stack. */
const mostFrames = 50_000_000

export function weighThreads(recording: Recording): WeighedThread[] {
  return listSampledThreads(recording).map(thread => {
    const rows = timingSamples(recording, thread.id)
    return { ...thread, rows, weights: buildSampleWeights(recording, rows).map(Math.round) }
  })
}

export function buildStackPaths(recording: Recording): StackPaths {
  const { stacks } = recording
  const roles = frameRoles(recording)
  const idle = new Uint8Array(stacks.length)
  const depths = new Int32Array(stacks.length)
  for (let stack = 0; stack < stacks.length; stack++) {
    const parent = stacks.parent[stack]!
    idle[stack] = roles[stacks.frame[stack]!] === frameRole.idle ? 1 : 0
    depths[stack] = parent < 0 ? 1 : depths[parent]! + 1
  }
  return {
    idle,
    depths,
    pathOf(stack) {
      const path: number[] = []
      for (let at = stack; at >= 0; at = stacks.parent[at]!) {
        const frame = stacks.frame[at]!
        if (roles[frame] !== frameRole.root) path.push(frame)
      }
      return path
    }
  }
}

/** @param stackOfEach the stack of each sample that a file will have; -1 for none */
export function checkFrameCount({ depths }: StackPaths, stackOfEach: Iterable<number>, format: string): void {
  let frames = 0
  for (const stack of stackOfEach) {
    frames += depths[stack] ?? 0
    if (frames > mostFrames)
      throw new MicrologError(
        'too-large',
        `Expected at most ${mostFrames} frames on the stacks of a ${format} file: export it as otlp, which has no such limit`
      )
  }
}
